namespace Gateway.Api.Tenancy;

/// <summary>The one resource that an RPC's path is about, as far as lists of tenants know such.</summary>
internal enum OwnResource
{
    /// <summary>None, or one that no list knows.</summary>
    None,

    /// <summary>A model.</summary>
    Model,

    /// <summary>A workflow.</summary>
    Workflow,
}
