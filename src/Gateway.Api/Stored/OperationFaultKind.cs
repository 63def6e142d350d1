namespace Gateway.Api.Stored;

/// <summary>Why an operation on what the store keeps was not done.</summary>
internal enum OperationFaultKind
{
    /// <summary>What was asked for cannot be: a name, a setting, a date.</summary>
    Invalid,

    /// <summary>There is nothing of that name.</summary>
    NotFound,

    /// <summary>The name is taken.</summary>
    NameTaken,

    /// <summary>It has been changed since the version that the operation was meant for.</summary>
    VersionConflict,

    /// <summary>The key is revoked, or was replaced.</summary>
    Ended,
}
