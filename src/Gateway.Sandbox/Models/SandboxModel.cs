using Clarifai.Api;
using Gateway.Sandbox.Models.Methods;

namespace Gateway.Sandbox.Models;

/// <summary>A model: plain data in, plain data out, and beside that named methods. Models keep no state between calls.</summary>
internal abstract class SandboxModel(ModelCard card)
{
    public ModelCard Card { get; } = card;

    /// <summary>The named methods, in the order shown.</summary>
    public abstract IReadOnlyList<SampleMethod> Methods { get; }

    /// <summary>Answers an input that names no method. Images by URL have been fetched before.</summary>
    public abstract Inference Predict(Data data);

    /// <summary>Answers the same input piece by piece; models that have no pieces answer once.</summary>
    public virtual IAsyncEnumerable<Inference> GenerateAsync(Data data, CancellationToken cancellationToken) =>
        new[] { Predict(data) }.ToAsyncEnumerable();

    public SampleMethod? FindMethod(string name) => Methods.FirstOrDefault(method => method.Signature.Name == name);
}
