using System.Text;
using System.Text.Json;
using Clarifai.Api;
using Google.Protobuf;

namespace Gateway.Sandbox.Models.Methods;

/// <summary>The answer to the method every model has: its signatures, as text.</summary>
internal static class SignatureListing
{
    public const string MethodName = "_GET_SIGNATURES";

    /// <summary>In <c>text.raw</c>: a JSON object of method name to <c>MethodSignature</c> in ProtoJSON.</summary>
    public static Inference Of(SandboxModel model)
    {
        using var json = new MemoryStream();
        using (var writer = new Utf8JsonWriter(json))
        {
            writer.WriteStartObject();
            foreach (var method in model.Methods)
            {
                writer.WritePropertyName(method.Signature.Name);
                writer.WriteRawValue(JsonFormatter.Default.Format(method.Signature));
            }

            writer.WriteEndObject();
        }

        return new Inference(new Data { Text = new Clarifai.Api.Text { Raw = Encoding.UTF8.GetString(json.ToArray()) } });
    }
}
