using Clarifai.Api;
using Clarifai.Api.Status;
using Gateway.Sandbox.Models;
using Gateway.Sandbox.Workflows;
using Google.Protobuf.WellKnownTypes;

namespace Gateway.Sandbox.Service;

/// <summary>The API's messages about models and workflows. All of them count as made when the sandbox started.</summary>
internal sealed class ResourceMessages(DateTimeOffset startedAt)
{
    private static readonly Visibility Public = new() { Gettable = Visibility.Types.Gettable.Public };

    private readonly Timestamp _startedAt = startedAt.ToTimestamp();

    /// <summary>A model as outputs and lists show it.</summary>
    public Model Model(SandboxModel model, ResourceOwner owner) => new()
    {
        Id = model.Card.Id,
        Name = model.Card.Name,
        CreatedAt = _startedAt,
        ModifiedAt = _startedAt,
        UserId = owner.UserId,
        AppId = owner.AppId,
        ModelTypeId = model.Card.TypeId,
        Description = model.Card.Description,
        Visibility = Public,
        ModelVersion =
            new ModelVersion
            {
                Id = model.Card.VersionId,
                CreatedAt = _startedAt,
                Status = Trained(),
                UserId = owner.UserId,
                AppId = owner.AppId,
            },
        VersionCount = 1,
    };

    /// <summary>A model with what it takes and answers.</summary>
    public Model DetailedModel(SandboxModel model, ResourceOwner owner)
    {
        var message = Model(model, owner);
        message.OutputInfo = OutputInfo(model, owner);
        message.ModelVersion = Version(model, owner);
        return message;
    }

    /// <summary>A model's one version, with the signatures of its methods.</summary>
    public ModelVersion Version(SandboxModel model, ResourceOwner owner) => new()
    {
        Id = model.Card.VersionId,
        CreatedAt = _startedAt,
        ModifiedAt = _startedAt,
        CompletedAt = _startedAt,
        Status = Trained(),
        ActiveConceptCount = (uint)model.Card.Concepts.Count,
        Description = model.Card.Description,
        Visibility = Public,
        UserId = owner.UserId,
        AppId = owner.AppId,
        MethodSignatures = { model.Methods.Select(method => method.Signature) },
    };

    /// <summary>The app that a caller asks about: there is no other.</summary>
    public App App(ResourceOwner owner) => new()
    {
        Id = owner.AppId,
        Name = owner.AppId,
        UserId = owner.UserId,
        CreatedAt = _startedAt,
        ModifiedAt = _startedAt,
        Visibility = Public,
    };

    /// <summary>A concept that models can answer.</summary>
    public Concept Concept(string name, ResourceOwner owner) =>
        new() { Id = name, Name = name, Value = 1, UserId = owner.UserId, AppId = owner.AppId, CreatedAt = _startedAt };

    public Workflow Workflow(SandboxWorkflow workflow, ResourceOwner owner) => new()
    {
        Id = workflow.Id,
        UserId = owner.UserId,
        AppId = owner.AppId,
        CreatedAt = _startedAt,
        ModifiedAt = _startedAt,
        Description = workflow.Description,
        Visibility = Public,
        Nodes = { workflow.Nodes.Select(node => Node(node, owner)) },
        Version = WorkflowVersion(workflow, owner),
    };

    public WorkflowVersion WorkflowVersion(SandboxWorkflow workflow, ResourceOwner owner) => new()
    {
        Id = workflow.VersionId,
        WorkflowId = workflow.Id,
        UserId = owner.UserId,
        AppId = owner.AppId,
        CreatedAt = _startedAt,
        ModifiedAt = _startedAt,
        Description = workflow.Description,
        Visibility = Public,
        Nodes = { workflow.Nodes.Select(node => Node(node, owner)) },
    };

    private OutputInfo OutputInfo(SandboxModel model, ResourceOwner owner)
    {
        var concepts = model.Card.Concepts.Select(name => Concept(name, owner));
        return new OutputInfo { Data = new Data { Concepts = { concepts } }, OutputConfig = new OutputConfig() };
    }

    private WorkflowNode Node(SandboxNode node, ResourceOwner owner) => new()
    {
        Id = node.Id,
        Model = Model(node.Model, owner),
        NodeInputs = { node.Inputs.Select(id => new NodeInput { NodeId = id }) },
    };

    private static Status Trained() => ApiStatus.Of(StatusCode.ModelTrained);
}
