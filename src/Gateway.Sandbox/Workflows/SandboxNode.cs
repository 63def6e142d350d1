using Gateway.Sandbox.Models;

namespace Gateway.Sandbox.Workflows;

/// <summary>One step of a workflow.</summary>
/// <param name="Id">The node id within the workflow.</param>
/// <param name="Model">The model that runs.</param>
/// <param name="Inputs">The ids of the nodes whose outputs are added to the workflow's input.</param>
internal sealed record SandboxNode(string Id, SandboxModel Model, params IReadOnlyList<string> Inputs);
