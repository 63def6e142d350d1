using System.Security.Cryptography;
using System.Text;

namespace Gateway.Sandbox.Models;

/// <summary>What the API tells about a model.</summary>
/// <param name="Id">The model id in paths.</param>
/// <param name="Name">The name a person reads.</param>
/// <param name="TypeId">The platform's model type, such as <c>visual-classifier</c>.</param>
/// <param name="Description">What the model computes, and from what.</param>
internal sealed record ModelCard(string Id, string Name, string TypeId, string Description)
{
    /// <summary>The concepts the model can answer, where it answers concepts.</summary>
    public IReadOnlyList<string> Concepts { get; init; } = [];

    /// <summary>The id of the model's one version: 32 hex digits, the same on every start.</summary>
    public string VersionId { get; } = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Id + "/1")).AsSpan(0, 16));
}
