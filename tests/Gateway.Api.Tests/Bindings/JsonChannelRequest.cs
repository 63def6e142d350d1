using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;

namespace Gateway.Api.Tests.Bindings;

/// <summary>
/// What the JSON channel of Clarifai's Python client sends for a message over one binding:
/// <list type="bullet">
/// <item>The message is a dictionary of ProtoJSON with proto names, enum values by name; what is unset is left out.</item>
/// <item>A variable of the path is found by the last part of its name: <c>user_id</c> and <c>app_id</c> in the first <c>user_app_id</c> there is
/// (<c>me</c> where there is no user), any other in the message itself. Without a value for each the channel does not take the binding.</item>
/// <item>Variables of the message itself leave the dictionary. Nested ones stay, so the path's user and app come once more.</item>
/// <item>A GET has the rest in its query, objects dotted, lists repeated, values as Python prints them, which is <c>True</c> and <c>False</c> for
/// booleans. Any other verb has it as a JSON body, whether the binding takes one or not.</item>
/// </list>
/// </summary>
internal sealed record JsonChannelRequest(string Target, string? Body)
{
    private static readonly JsonFormatter Dictionaries = new(JsonFormatter.Settings.Default.WithPreserveProtoFieldNames(true));

    /// <summary>The request; null when the channel does not take the binding for the message.</summary>
    public static JsonChannelRequest? Of(IMessage message, string verb, string path)
    {
        var values = JsonNode.Parse(Dictionaries.Format(message))!.AsObject();
        var variables = path.Split('/').Where(segment => segment.StartsWith('{')).Select(segment => segment.Trim('{', '}')).ToList();
        var target = path;
        foreach (var variable in variables)
        {
            if (ValueOf(variable, values) is not { Length: > 0 } value)
            {
                return null;
            }

            target = target.Replace($"{{{variable}}}", value, StringComparison.Ordinal);
        }

        variables.ForEach(variable => values.Remove(variable));
        return verb == "GET"
            ? new JsonChannelRequest(target + "?" + string.Join('&', Parameters(values, "").Select(pair => $"{Quote(pair.Name)}={Quote(pair.Value)}")), null)
            : new JsonChannelRequest(target, values.ToJsonString());
    }

    /// <summary>
    /// Takes from a message what the channel cannot say in a query: of a message in a list it sends the names of its members, of a free
    /// object or a map names that are no fields, of an empty message nothing.
    /// </summary>
    public static void ClearUnsaid(IMessage message)
    {
        foreach (var field in message.Descriptor.Fields.InDeclarationOrder().Where(field => field.FieldType == FieldType.Message))
        {
            if (field.IsMap || field.MessageType.FullName == Struct.Descriptor.FullName || (field.IsRepeated && !IsScalarInJson(field.MessageType)))
            {
                field.Accessor.Clear(message);
            }
            else if (!field.IsRepeated && !IsScalarInJson(field.MessageType) && field.Accessor.GetValue(message) is IMessage inner)
            {
                ClearUnsaid(inner);
                if (inner.CalculateSize() == 0)
                {
                    field.Accessor.Clear(message);
                }
            }
        }
    }

    private static bool IsScalarInJson(MessageDescriptor type) =>
        type.File.Package == "google.protobuf" && type.Name is not (nameof(Struct) or nameof(ListValue) or nameof(Any));

    private static string? ValueOf(string variable, JsonObject values)
    {
        var name = variable.Split('.')[^1];
        return name switch
        {
            "app_id" => (string?)UserAppIn(values)?["app_id"],
            "user_id" => (string?)UserAppIn(values)?["user_id"] ?? "me",
            _ => (string?)values[name],
        };
    }

    private static JsonNode? UserAppIn(JsonNode? values) => values switch
    {
        JsonObject members when members["user_app_id"] is { } userApp => userApp,
        JsonObject members => members.Where(member => member.Key != "metadata").Select(member => UserAppIn(member.Value)).FirstOrDefault(found => found is not null),
        JsonArray elements => elements.Select(UserAppIn).FirstOrDefault(found => found is not null),
        _ => null,
    };

    private static IEnumerable<(string Name, string Value)> Parameters(JsonObject values, string prefix) => values.SelectMany(member => member.Value switch
    {
        JsonObject inner => Parameters(inner, $"{prefix}{member.Key}."),
        JsonArray elements => elements.SelectMany(Texts).Select(text => (prefix + member.Key, text)),
        { } value => [(prefix + member.Key, Text(value))],
        null => throw new NotSupportedException("The channel has no text for null."),
    });

    // Python's urlencode takes a dictionary for the list of its keys.
    private static IEnumerable<string> Texts(JsonNode? element) => element switch
    {
        JsonObject members => members.Select(member => member.Key),
        JsonArray elements => elements.Select(inner => inner is null ? "None" : Text(inner)),
        { } value => [Text(value)],
        null => [],
    };

    private static string Text(JsonNode value) => value.GetValueKind() switch
    {
        JsonValueKind.True => "True",
        JsonValueKind.False => "False",
        JsonValueKind.Number => value.ToJsonString(),
        JsonValueKind.String => value.GetValue<string>(),
        var kind => throw new NotSupportedException(string.Create(CultureInfo.InvariantCulture, $"The channel has no text for {kind}.")),
    };

    private static string Quote(string text) => Uri.EscapeDataString(text).Replace("%20", "+", StringComparison.Ordinal);
}
