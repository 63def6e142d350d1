using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Clarifai.Api.Utils;
using Clarifai.Auth.Util;
using Gateway.Core.Json;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Gateway.Fuzz.Reference;

/// <summary>
/// Clarifai's JSON: Google's parser and formatter with proto names, enum numbers and unknown members let pass, and with what the API's own
/// options say done to the text before it is read or after it is written: private fields are not there, marked ones are shown though empty,
/// default floats stand for what is left out.
/// </summary>
internal sealed class ClarifaiDialect() : Dialect(JsonDialect.Clarifai)
{
    private static readonly JsonDocumentOptions NoDuplicates = new() { AllowDuplicateProperties = false, MaxDepth = 1_000 };

    public override string Name => "Clarifai";

    public override bool TryRead(MessageDescriptor type, byte[] json, out IMessage? message)
    {
        message = null;
        try
        {
            var root = JsonNode.Parse(json, documentOptions: NoDuplicates);
            JsonMessages.Visit(type, root, Complete);
            message = GoogleProtobuf.ReadJson(type, Encoding.UTF8.GetBytes(root?.ToJsonString(new JsonSerializerOptions { MaxDepth = 1_000 }) ?? "null"), lenient: true);
            return true;
        }
        catch (Exception cannot) when (cannot is JsonException or InvalidOperationException or ArgumentException)
        {
            // Names that come twice, and escapes of half a surrogate pair, have no place in a JsonNode.
            return false;
        }
    }

    public override string? Write(IMessage message)
    {
        if (GoogleProtobuf.WriteJson(message, clarifai: true) is not { } text)
        {
            return null;
        }

        var root = JsonNode.Parse(text, documentOptions: NoDuplicates);
        JsonMessages.Visit(message.Descriptor, root, Show);
        return root?.ToJsonString(new JsonSerializerOptions { MaxDepth = 1_000 }) ?? "null";
    }

    private static void Complete(MessageDescriptor type, JsonObject json)
    {
        foreach (var field in type.Fields.InDeclarationOrder())
        {
            if (IsPrivate(field))
            {
                json.Remove(field.Name);
                json.Remove(field.JsonName);
            }
            else if (DefaultFloat(field) is { } value && json[field.Name] is null && json[field.JsonName] is null)
            {
                json.Remove(field.JsonName);
                json[field.Name] = value;
            }
        }
    }

    private static void Show(MessageDescriptor type, JsonObject json)
    {
        foreach (var field in type.Fields.InDeclarationOrder())
        {
            if (IsPrivate(field))
            {
                json.Remove(field.Name);
            }
            else if (field.GetOptions()?.GetExtension(OptionsExtensions.ClShowIfEmpty) == true && CanBeEmpty(field) && !json.ContainsKey(field.Name))
            {
                json[field.Name] = JsonNode.Parse(EmptyOf(field));
            }
        }
    }

    private static bool IsPrivate(FieldDescriptor field) => field.GetOptions()?.GetExtension(AccessExtensions.ClPrivateField) == true;

    private static float? DefaultFloat(FieldDescriptor field) =>
        field.GetOptions()?.GetExtension(OptionsExtensions.ClDefaultFloat) is { } value and not 0 ? value : null;

    // "A singular message field or a oneof member is never shown empty."
    private static bool CanBeEmpty(FieldDescriptor field) => field.IsRepeated || (field.FieldType != FieldType.Message && field.RealContainingOneof is null);

    private static string EmptyOf(FieldDescriptor field) => field switch
    {
        { IsMap: true } => "{}",
        { IsRepeated: true } => "[]",
        { FieldType: FieldType.Bool } => "false",
        { FieldType: FieldType.String or FieldType.Bytes } => "\"\"",
        { FieldType: FieldType.Int64 or FieldType.UInt64 or FieldType.SInt64 or FieldType.Fixed64 or FieldType.SFixed64 } => "\"0\"",
        _ => "0",
    };
}
