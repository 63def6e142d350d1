using System.Collections.Frozen;
using Gateway.Core.Schema;
using Google.Protobuf.Reflection;

namespace Gateway.Api.Tenancy;

/// <summary>
/// Finds out from descriptors what the fields of requests say of resources. A text that is called an id is a name, unless it is known that
/// it is none: fields that the API gets later count until they are looked at.
/// </summary>
internal sealed class NameFieldSets
{
    private const string Api = "clarifai.api.";
    private const string WellKnown = "google.protobuf.";

    // What models work on and what comes of it, and labels. Ids in it are those of parts, but for models and workflows: an evaluation names
    // the model that is to be evaluated.
    private static readonly FrozenSet<string> Content = new[]
    {
        "Concept", "Data", "EvalMetrics", "FullTag", "Input", "ModelTypeField", "status.Status",
    }.Select(name => Api + name).ToFrozenSet();

    private static readonly FrozenSet<string> Others = new[] { "RunnerSelector", "WorkflowState" }.Select(name => Api + name).ToFrozenSet();

    private static readonly FrozenDictionary<string, NameKind> ById = new Dictionary<string, NameKind>
    {
        ["App.id"] = NameKind.App,
        ["Search.application_id"] = NameKind.App,
        ["User.id"] = NameKind.User,
        ["ListModelsRequest.creator"] = NameKind.User,
        ["Model.creator"] = NameKind.User,

        ["Model.id"] = NameKind.Model,
        ["Workflow.id"] = NameKind.Workflow,
        ["WorkflowVersion.workflow_id"] = NameKind.Workflow,

        ["ModelVersion.id"] = NameKind.Version,
        ["ModelVersionPublishRequest.version_id"] = NameKind.Version,
        ["ModelVersionUnpublishRequest.version_id"] = NameKind.Version,
        ["WorkflowVersion.id"] = NameKind.Version,
        ["WorkflowVersionPublishRequest.version_id"] = NameKind.Version,
        ["WorkflowVersionUnPublishRequest.version_id"] = NameKind.Version,
        ["DeleteWorkflowVersionsRequest.workflow_version_ids"] = NameKind.Version,

        // Kinds, filters, and parts of the RPC's own resource.
        ["EvaluationMetricValue.evaluation_metric_id"] = NameKind.Nothing,
        ["InputEvaluationMetricValue.evaluation_metric_id"] = NameKind.Nothing,
        ["ListModelVersionsRequest.concept_ids"] = NameKind.Nothing,
        ["Model.model_type_id"] = NameKind.Nothing,
        ["NodeInput.node_id"] = NameKind.Nothing,
        ["WorkflowNode.id"] = NameKind.Nothing,
        ["WorkflowVersionEvaluation.id"] = NameKind.Nothing,
        ["WorkflowVersionEvaluation.target_node_id"] = NameKind.Nothing,
        ["WorkflowVersionEvaluationData.id"] = NameKind.Nothing,
        ["WorkflowVersionEvaluationMetric.id"] = NameKind.Nothing,
        ["WorkflowVersionEvaluationTemplate.id"] = NameKind.Nothing,
    }.ToFrozenDictionary(entry => Api + entry.Key, entry => entry.Value);

    private readonly Dictionary<(MessageDescriptor, bool), NameFields> _tables = [];

    /// <summary>The table of an RPC's request.</summary>
    /// <param name="own">Names of fields of the request that are read by themselves, or are parts of the RPC's own resource.</param>
    public NameFields Of(RpcPlan rpc, IReadOnlyCollection<string> own)
    {
        var request = rpc.Request.Descriptor;
        var table = new NameFields(request, isContent: false);
        foreach (var field in request.Fields.InFieldNumberOrder())
        {
            // Whose the RPC's own resource is, it says itself.
            table[field.FieldNumber] = own.Contains(field.Name)
                ? (NameKind.Nothing, null)
                : Of(field, isContent: field.FieldNumber == rpc.RequestUserApp?.Number);
        }

        return table;
    }

    private NameFields Of(MessageDescriptor message, bool isContent)
    {
        if (_tables.TryGetValue((message, isContent), out var table))
        {
            return table;
        }

        // Messages refer to one another in circles.
        table = new NameFields(message, isContent);
        _tables.Add((message, isContent), table);
        foreach (var field in message.Fields.InFieldNumberOrder())
        {
            table[field.FieldNumber] = Of(field, isContent);
        }

        return table;
    }

    private (NameKind, NameFields?) Of(FieldDescriptor field, bool isContent) => field.FieldType switch
    {
        FieldType.String => (KindOf(field, isContent), null),
        FieldType.Message when IsOpaque(field.MessageType) => (NameKind.Nothing, null),
        FieldType.Message => (!isContent && Others.Contains(field.MessageType.FullName) ? NameKind.OtherMessage : NameKind.Message,
            Of(field.MessageType, isContent || Content.Contains(field.MessageType.FullName))),
        _ => (NameKind.Nothing, null),
    };

    private static NameKind KindOf(FieldDescriptor field, bool isContent)
    {
        var kind = ById.TryGetValue(field.FullName, out var known) ? known
            : Is(field.Name, "user_id") ? NameKind.User
            : Is(field.Name, "app_id") ? NameKind.App
            : Is(field.Name, "id") ? NameKind.Other
            : NameKind.Nothing;
        return isContent && !CountsInContent(field.Name, kind) ? NameKind.Nothing : kind;
    }

    private static bool CountsInContent(string field, NameKind kind) =>
        kind is NameKind.User or NameKind.App or NameKind.Model or NameKind.Workflow
            || (kind == NameKind.Other && (Is(field, "model_id") || Is(field, "workflow_id")));

    // The name itself, or with a word in front, or of several.
    private static bool Is(string field, string name)
    {
        var one = field.EndsWith("ids", StringComparison.Ordinal) ? field[..^1] : field;
        return one == name || one.EndsWith("_" + name, StringComparison.Ordinal);
    }

    private static bool IsOpaque(MessageDescriptor message) => message.FullName.StartsWith(WellKnown, StringComparison.Ordinal);
}
