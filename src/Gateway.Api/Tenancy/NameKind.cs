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

    /// <summary>The RPC's own resource, once more.</summary>
    Own,

    /// <summary>A version of the RPC's own resource.</summary>
    Version,

    /// <summary>Another resource.</summary>
    Other,
}
