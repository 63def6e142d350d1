using System.Collections.Immutable;
using Clarifai.Api;

namespace Gateway.Core.Methods;

/// <summary>The methods of one model version. Immutable.</summary>
/// <param name="versionId">The version; empty when nobody named it.</param>
/// <param name="signatures">Their signatures.</param>
public sealed class ModelMethods(string versionId, IEnumerable<MethodSignature> signatures)
{
    /// <summary>Those of a model that has none.</summary>
    public static ModelMethods None { get; } = new("", []);

    /// <summary>The version whose methods they are; empty when nobody named it, as with a locally served model.</summary>
    public string VersionId { get; } = versionId;

    /// <summary>The methods, in the author's order.</summary>
    public ImmutableArray<ModelMethod> All { get; } = [.. signatures.Select(signature => new ModelMethod(signature))];

    /// <summary>The method of a name; null when there is none.</summary>
    public ModelMethod? Find(string name) => All.FirstOrDefault(method => method.Name == name);
}
