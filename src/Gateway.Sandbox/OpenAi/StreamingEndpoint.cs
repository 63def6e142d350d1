using System.Text.Json.Nodes;

namespace Gateway.Sandbox.OpenAi;

/// <summary>An endpoint that can also answer chunk by chunk.</summary>
internal abstract class StreamingEndpoint(string path) : SandboxOperation(path)
{
    /// <summary>The chunks of a streamed answer, or one error object.</summary>
    public abstract IEnumerable<JsonObject> Stream(JsonObject request);
}
