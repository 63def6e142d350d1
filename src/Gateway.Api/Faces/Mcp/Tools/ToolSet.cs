using System.Collections.Frozen;
using System.Text.Json;
using Clarifai.Api;
using Gateway.Core.Methods;
using ModelContextProtocol.Protocol;

namespace Gateway.Api.Faces.Mcp.Tools;

/// <summary>A model's methods as tools (MCP, "Tools"). Immutable.</summary>
internal sealed class ToolSet
{
    // What carries another protocol is no tool: a language model would not know what to write to it.
    private const string TransportEnding = "_transport";

    private readonly FrozenDictionary<string, ModelMethod> _methods;

    /// <summary>Compiles the tools.</summary>
    public ToolSet(ModelMethods methods)
    {
        var callable = methods.All.Where(IsTool).DistinctBy(method => method.Name).ToArray();
        _methods = callable.ToFrozenDictionary(method => method.Name);
        Tools = [.. callable.Select(ToolOf)];
    }

    /// <summary>The tools, in the author's order.</summary>
    public IList<Tool> Tools { get; }

    /// <summary>The method that a tool is; null when there is none of the name.</summary>
    public ModelMethod? Find(string? name) => name is null ? null : _methods.GetValueOrDefault(name);

    /// <summary>
    /// Whether what a method returns is an object that JSON holds whole: results that stream are joined, and media have a place of their
    /// own.
    /// </summary>
    public static bool IsStructured(ModelMethod method) => method switch
    {
        { Kind: not RunnerMethodType.UnaryUnary } => false,
        { Results: [var one] } => one.Row.Form is DataForm.Named or DataForm.Listed or DataForm.Array && !HoldsMedia(one),
        { Results: [] } => false,
        _ => !method.Results.Any(HoldsMedia),
    };

    /// <summary>Whether a type is, or has inside, an image, audio or video.</summary>
    public static bool HoldsMedia(MethodField field) => field.Row.Form == DataForm.Medium || field.Items.Any(HoldsMedia);

    private static bool IsTool(ModelMethod method) =>
        method.Kind is RunnerMethodType.UnaryUnary or RunnerMethodType.UnaryStreaming or RunnerMethodType.StreamingStreaming
        && !method.Name.EndsWith(TransportEnding, StringComparison.Ordinal);

    private static Tool ToolOf(ModelMethod method) => new()
    {
        Name = method.Name,
        Title = TypeText.Of(method),
        Description = method.Description.Length == 0 ? null : method.Description,
        InputSchema = JsonSerializer.SerializeToElement(MethodSchema.OfArguments(method)),
        OutputSchema = IsStructured(method) ? JsonSerializer.SerializeToElement(MethodSchema.OfResult(method)) : null,
    };
}
