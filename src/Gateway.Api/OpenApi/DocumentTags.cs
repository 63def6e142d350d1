using Gateway.Core.Schema;
using Microsoft.OpenApi;

namespace Gateway.Api.OpenApi;

/// <summary>The groups of operations, those that people use most first. An RPC is in that of the file that has its request.</summary>
internal static class DocumentTags
{
    private static readonly (string Name, string Description)[] Tags =
    [
        ("outputs", "Predictions: run a model or a workflow on inputs, whole or as a stream."),
        ("methods", "Models' methods: plain arguments, plain results, and code that calls them."),
        ("openai", "For OpenAI's clients: chats, embeddings, images. Errors have OpenAI's shape."),
        ("MCP", "The Model Context Protocol: every model is a server, and its methods are the tools. Errors are JSON-RPC's."),
        ("models", "Models of an app: list, find, create, change, delete."),
        ("workflows", "Workflows: graphs of models that run as one."),
        ("inputs", "Inputs of an app: images, texts, audio and videos that are kept."),
        ("searches", "Searches of inputs and annotations, by what they show or hold."),
        ("concepts", "Concepts: what models recognise; their languages and relations."),
        ("annotations", "Annotations: what inputs are said to show, and the tracks of videos."),
        ("datasets", "Datasets: inputs that belong together, their versions and exports."),
        ("apps", "Apps: what all else belongs to."),
        ("users", "Users, and what the API knows of them."),
        ("model_versions", "Versions of models: training, publishing, exports, examples."),
        ("model_types", "Types of models, and what each takes and gives."),
        ("evaluations", "Evaluations of a model's version on a dataset."),
        ("workflow_evaluations", "Evaluations of a workflow's version."),
        ("metrics", "Metrics, as queries over time."),
        ("tasks", "Labelling tasks, and how far they are."),
        ("task_assignments", "What a labeller works on next."),
        ("label_orders", "Orders of labelling by others."),
        ("input_jobs", "Jobs that add inputs from elsewhere, or extract them."),
        ("uploads", "Uploads of large files, in parts."),
        ("bulk_operations", "Changes of many inputs at once."),
        ("compute_clusters", "Compute clusters and their nodepools."),
        ("deployments", "Deployments: which models run where."),
        ("runners", "Runners, and the items that they work on."),
        ("pipelines", "Pipelines and their versions."),
        ("pipeline_runs", "Runs of pipelines."),
        ("pipeline_steps", "Steps of pipelines and their versions."),
        ("artifacts", "Artifacts: files with versions."),
        ("logs", "Log entries of models, runners and pipelines, whole or as a stream."),
        ("audit_logs", "Who did what."),
        ("keys", "Keys, personal access tokens, and their scopes."),
        ("collaborators", "Collaborators of apps."),
        ("secrets", "Secrets that models and pipelines get."),
        ("status_codes", "What the codes of `status` mean."),
        ("home-assistant", "For Home Assistant: a camera's picture through a workflow."),
    ];

    /// <summary>All of them, as the document has them.</summary>
    public static HashSet<OpenApiTag> All() => [.. Tags.Select(tag => new OpenApiTag { Name = tag.Name, Description = tag.Description })];

    /// <summary>The group of an RPC.</summary>
    public static string Of(RpcPlan rpc) => Path.GetFileNameWithoutExtension(rpc.Request.Descriptor.File.Name);
}
