using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Clarifai.Api;
using Gateway.Api.Errors;
using Gateway.Api.Http;
using Gateway.Core.Methods;
using ModelContextProtocol.Protocol;

namespace Gateway.Api.Faces.Mcp.Tools;

/// <summary>
/// What a method returned as the content of a tool's result: texts as text, joined where they stream; images, audio and video as such;
/// anything else as JSON, and objects as structured content besides.
/// </summary>
/// <param name="method">The method.</param>
internal sealed class ToolResult(ModelMethod method)
{
    private const string UsageKey = "com.clarifai/usage";

    private readonly StringBuilder _text = new();
    private readonly List<ContentBlock> _blocks = [];
    private JsonElement? _structured;

    /// <summary>The result of a call that failed.</summary>
    /// <param name="http">The POST.</param>
    /// <param name="failure">Why it failed.</param>
    public static CallToolResult Failed(HttpContext http, ApiError failure) => new()
    {
        IsError = true,
        Content = [new TextContentBlock { Text = $"{failure.Text} (code {failure.Code}, req_id {http.TraceIdentifier})" }],
    };

    /// <summary>Adds a result.</summary>
    /// <returns>The result as text; null where it is none.</returns>
    public string? Add(JsonElement result) => method.Results switch
    {
        [] => null,
        [var one] => Add(one, result),
        _ => AddNamed(result),
    };

    /// <summary>The result of the call.</summary>
    /// <param name="tokens">The tokens that it took.</param>
    public CallToolResult Complete(TokenCounts tokens)
    {
        if (_text.Length > 0)
        {
            _blocks.Insert(0, new TextContentBlock { Text = _text.ToString() });
        }

        return new CallToolResult { Content = _blocks, StructuredContent = _structured, Meta = UsageOf(tokens) };
    }

    private string? Add(MethodField field, JsonElement value)
    {
        switch (field.Row.Form)
        {
            case DataForm.Medium when value.ValueKind == JsonValueKind.Object:
                _blocks.Add(MediaContent.Of(field, value));
                return null;
            case DataForm.List when field.Items is [var item] && ToolSet.HoldsMedia(item):
                foreach (var element in value.EnumerateArray())
                {
                    Add(item, element);
                }

                return null;
            default:
                return value.ValueKind == JsonValueKind.String ? AddText(value.GetString()!) : AddJson(field, value);
        }
    }

    private string AddText(string text)
    {
        _text.Append(text);
        return text;
    }

    private string AddJson(MethodField field, JsonElement value)
    {
        if (ToolSet.IsStructured(method) || (field.Row.Form == DataForm.Json && method.Kind == RunnerMethodType.UnaryUnary))
        {
            _structured = value.ValueKind == JsonValueKind.Object ? value : null;
        }

        var text = value.GetRawText();
        _blocks.Add(new TextContentBlock { Text = text });
        return text;
    }

    // Media go out of the object and behind it.
    private string AddNamed(JsonElement result)
    {
        var rest = new JsonObject();
        foreach (var field in method.Results)
        {
            if (!result.TryGetProperty(field.Name, out var value))
            {
                continue;
            }

            if (ToolSet.HoldsMedia(field))
            {
                Add(field, value);
            }
            else
            {
                rest[field.Name] = JsonSerializer.SerializeToNode(value);
            }
        }

        var text = rest.ToJsonString();
        _blocks.Insert(0, new TextContentBlock { Text = text });
        _structured = ToolSet.IsStructured(method) ? result : null;
        return text;
    }

    private static JsonObject? UsageOf(TokenCounts tokens) => tokens.Prompt + tokens.Completion + tokens.Cached == 0 ? null : new JsonObject
    {
        [UsageKey] = new JsonObject
        {
            ["prompt_tokens"] = tokens.Prompt,
            ["completion_tokens"] = tokens.Completion,
            ["cached_tokens"] = tokens.Cached,
        },
    };
}
