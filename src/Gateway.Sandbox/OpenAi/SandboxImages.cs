using System.Text.Json.Nodes;
using Gateway.Sandbox.Images;

namespace Gateway.Sandbox.OpenAi;

/// <summary>Image generations: one PNG, in base64, whatever size was asked for.</summary>
internal sealed class SandboxImages(Func<string, Bitmap> paint, TimeProvider time) : SandboxOperation("/images/generations")
{
    public override JsonObject Answer(JsonObject request)
    {
        if (request["prompt"] is not JsonValue value || !value.TryGetValue(out string? prompt))
        {
            return OpenAiError.Of(new RequestError("prompt", "text was expected"));
        }

        if (request["n"] is { } n && RequestInteger.Read(n) != 1)
        {
            return OpenAiError.Of(new RequestError("n", "only 1 is supported"));
        }

        if (request["response_format"] is { } format && format.Text() != "b64_json")
        {
            return OpenAiError.Of(new RequestError("response_format", "only b64_json is supported"));
        }

        return new JsonObject
        {
            ["created"] = time.GetUtcNow().ToUnixTimeSeconds(),
            ["data"] = new JsonArray(new JsonObject { ["b64_json"] = Convert.ToBase64String(PngEncoder.Encode(paint(prompt))) }),
        };
    }
}
