using System.Collections;
using Clarifai.Api;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Gateway.Api.Tests.Tenancy.Authorization;

/// <summary>What a message names, found by Google.Protobuf's reflection: each text in it by what its field and its message are called.</summary>
internal sealed class Names
{
    private Names(string own) => Own = own;

    /// <summary>What the RPC is about: <c>model</c>, <c>workflow</c> or nothing.</summary>
    public string Own { get; }

    /// <summary>The id of it.</summary>
    public string Resource { get; private set; } = "";

    /// <summary>Whose the request says that it is; empty for nobody's.</summary>
    public string User { get; private set; } = "";
    public string App { get; private set; } = "";

    /// <summary>Whether the upstream may take it for the tenant's own.</summary>
    public bool MayBeOfTheTenant => User is "" or Policy.User or Policy.Me && App is "" or Policy.App;

    /// <summary>The models and workflows named that are not it.</summary>
    public List<string> OtherModels { get; } = [];
    public List<string> OtherWorkflows { get; } = [];

    /// <summary>The deployments and runners named.</summary>
    public List<string> Runners { get; } = [];

    /// <summary>The users and apps named.</summary>
    public HashSet<string> Users { get; } = [];
    public HashSet<string> Apps { get; } = [];

    /// <summary>Whether there are fields that the descriptors do not know.</summary>
    public bool HasUnknownFields { get; private set; }

    /// <summary>Reads a message.</summary>
    /// <param name="message">The message.</param>
    /// <param name="own">What the RPC is about.</param>
    /// <param name="resource">The id of it where the message has none.</param>
    public static Names In(IMessage message, string own, string resource)
    {
        var names = new Names(own);
        var ownField = own.Length > 0 ? message.Descriptor.FindFieldByName(own + "_id") : null;
        var userApp = (UserAppIDSet?)message.Descriptor.FindFieldByName("user_app_id")?.Accessor.GetValue(message);
        names.Resource = ownField?.Accessor.GetValue(message) is string { Length: > 0 } id ? id : resource;
        names.User = userApp?.UserId ?? "";
        names.App = userApp?.AppId ?? "";
        names.HasUnknownFields = message.CalculateSize() != WithoutUnknownFields(message).CalculateSize();
        names.Walk(message, ownField);
        return names;
    }

    /// <summary>Whether a text names a model.</summary>
    public static bool IsModel(FieldDescriptor field) =>
        IsText(field) && (field.FullName == "clarifai.api.Model.id" || Is(field.Name, "model_id") || field.FullName == "clarifai.api.DeleteModelsRequest.ids");

    /// <summary>Whether a text names a workflow.</summary>
    public static bool IsWorkflow(FieldDescriptor field) =>
        IsText(field) && (field.FullName == "clarifai.api.Workflow.id" || Is(field.Name, "workflow_id") || field.FullName == "clarifai.api.DeleteWorkflowsRequest.ids");

    /// <summary>Whether a text names a user.</summary>
    public static bool IsUser(FieldDescriptor field) => IsText(field) && (field.FullName == "clarifai.api.User.id" || Is(field.Name, "user_id"));

    /// <summary>Whether a text names an app.</summary>
    public static bool IsApp(FieldDescriptor field) => IsText(field) && (field.FullName == "clarifai.api.App.id" || Is(field.Name, "app_id"));

    private static bool IsText(FieldDescriptor field) => field.FieldType == FieldType.String;

    private static bool Is(string field, string name) => field == name || field == name + "s" || field.EndsWith($"_{name}", StringComparison.Ordinal) || field.EndsWith($"_{name}s", StringComparison.Ordinal);

    private static IMessage WithoutUnknownFields(IMessage message) => message.Descriptor.Parser.WithDiscardUnknownFields(true).ParseFrom(message.ToByteArray());

    private void Walk(IMessage message, FieldDescriptor? own)
    {
        foreach (var field in message.Descriptor.Fields.InFieldNumberOrder())
        {
            var value = field.Accessor.GetValue(message);
            foreach (var text in field == own || !IsText(field) ? [] : TextsIn(value))
            {
                Take(field, text);
            }

            foreach (var inner in field.FieldType == FieldType.Message ? MessagesIn(value) : [])
            {
                Walk(inner, null);
            }
        }
    }

    private void Take(FieldDescriptor field, string text)
    {
        if (IsModel(field) && !(Own == "model" && text == Resource))
        {
            OtherModels.Add(text);
        }
        else if (IsWorkflow(field) && !(Own == "workflow" && text == Resource))
        {
            OtherWorkflows.Add(text);
        }
        else if (field.FullName is "clarifai.api.Deployment.id" or "clarifai.api.Runner.id" or "clarifai.api.Nodepool.id")
        {
            Runners.Add(text);
        }
        else if (IsUser(field))
        {
            Users.Add(text);
        }
        else if (IsApp(field))
        {
            Apps.Add(text);
        }
    }

    private static IEnumerable<string> TextsIn(object? value) => value switch
    {
        string { Length: > 0 } text => [text],
        IEnumerable<string> texts => texts,
        _ => [],
    };

    private static IEnumerable<IMessage> MessagesIn(object? value) => value switch
    {
        IMessage message => [message],
        IDictionary map => map.Values.OfType<IMessage>(),
        IEnumerable list => list.OfType<IMessage>(),
        _ => [],
    };
}
