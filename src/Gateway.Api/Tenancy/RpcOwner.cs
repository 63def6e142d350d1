namespace Gateway.Api.Tenancy;

/// <summary>Whose resources an RPC is about, as its HTTP path says.</summary>
internal enum RpcOwner
{
    /// <summary>Nobody's, or those of whom a message names.</summary>
    Unsaid,

    /// <summary>Those of a user or organisation.</summary>
    User,

    /// <summary>Those of an app.</summary>
    App,
}
