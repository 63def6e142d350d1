using System.Security.Cryptography;
using System.Text;

namespace Gateway.Sandbox.Workflows;

/// <summary>Models in a row: each node takes the input, with the outputs of the nodes it names added to it.</summary>
/// <param name="Id">The workflow id in paths.</param>
/// <param name="Description">What the workflow does.</param>
/// <param name="Nodes">The nodes in the order they run; a node names only nodes before it.</param>
internal sealed record SandboxWorkflow(string Id, string Description, IReadOnlyList<SandboxNode> Nodes)
{
    /// <summary>The id of the workflow's one version: 32 hex digits, the same on every start.</summary>
    public string VersionId { get; } = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Id + "/1")).AsSpan(0, 16));
}
