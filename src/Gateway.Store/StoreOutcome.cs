namespace Gateway.Store;

/// <summary>What became of a change.</summary>
public enum StoreOutcome
{
    /// <summary>It is done, and stands in the audit log.</summary>
    Done,

    /// <summary>Everything was so already; nothing changed.</summary>
    Unchanged,

    /// <summary>There is nothing by that id.</summary>
    NotFound,

    /// <summary>It has been changed since the version that the change is meant for. The value is what it is now.</summary>
    VersionConflict,

    /// <summary>Another one has the name. The value is that one.</summary>
    NameTaken,

    /// <summary>It is there, but revoked or replaced for good. The value is what it is now.</summary>
    NotLive,
}
