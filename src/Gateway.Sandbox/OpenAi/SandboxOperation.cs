using System.Text.Json.Nodes;

namespace Gateway.Sandbox.OpenAi;

/// <summary>One endpoint of the OpenAI API, spoken through a model's transport methods.</summary>
internal abstract class SandboxOperation(string path)
{
    /// <summary>The path below <c>/v1</c>, such as <c>/embeddings</c>.</summary>
    public string Path { get; } = path;

    /// <summary>Answers a request with a response object, or with an error object.</summary>
    public abstract JsonObject Answer(JsonObject request);
}
