using Clarifai.Api;
using Gateway.Sandbox.Models;

namespace Gateway.Sandbox.Workflows;

/// <summary>Runs the nodes of a workflow on one input, in order.</summary>
internal static class WorkflowRunner
{
    /// <summary>One prediction for each node that ran, in order; the first failure is the last of them.</summary>
    public static IReadOnlyList<(SandboxNode Node, Inference Inference)> Run(SandboxWorkflow workflow, Data input)
    {
        var done = new Dictionary<string, Data>(StringComparer.Ordinal);
        var results = new List<(SandboxNode, Inference)>();
        foreach (var node in workflow.Nodes)
        {
            var prediction = node.Model.Predict(Combine(input, node.Inputs.Select(id => done[id])));
            results.Add((node, prediction));
            if (prediction.Failure is not null)
            {
                break;
            }

            done.Add(node.Id, prediction.Data);
        }

        return results;
    }

    private static Data Combine(Data input, IEnumerable<Data> outputs)
    {
        var combined = input.Clone();
        foreach (var output in outputs)
        {
            combined.MergeFrom(output);
        }

        return combined;
    }
}
