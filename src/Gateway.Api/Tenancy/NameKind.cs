namespace Gateway.Api.Tenancy;

/// <summary>What a field of a request says of resources.</summary>
internal enum NameKind
{
    /// <summary>No field of the message as the gateway knows it.</summary>
    Unknown,

    /// <summary>Nothing.</summary>
    Nothing,

    /// <summary>Nothing itself; the message's own fields may.</summary>
    Message,

    /// <summary>A resource that no list knows, by being there; the message's own fields may say more.</summary>
    OtherMessage,

    /// <summary>A user or organisation.</summary>
    User,

    /// <summary>An app.</summary>
    App,

    /// <summary>A model; the RPC's own, once more, where it is about a model of that id.</summary>
    Model,

    /// <summary>A workflow; the RPC's own, once more, where it is about a workflow of that id.</summary>
    Workflow,

    /// <summary>A version of the RPC's own resource.</summary>
    Version,

    /// <summary>Another resource.</summary>
    Other,
}
