namespace Gateway.Api.Tenancy;

/// <summary>What an RPC is for; every RPC is in exactly one group (docs/rpc-groups.md has them all).</summary>
internal enum RpcGroup
{
    /// <summary>Credentials, people, and who may do what; and whatever no rule knows.</summary>
    Account,

    /// <summary>Runs a model or a workflow.</summary>
    Predict,

    /// <summary>Shows resources, and changes nothing.</summary>
    Read,

    /// <summary>Changes resources, costs more than an answer, or gives away what a resource is made of.</summary>
    Write,
}
