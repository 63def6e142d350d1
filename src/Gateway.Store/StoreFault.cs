namespace Gateway.Store;

/// <summary>What keeps a store from doing what it was asked for.</summary>
public enum StoreFault
{
    /// <summary>The database, or what a statement of it says, is not as this program expects.</summary>
    Failed,

    /// <summary>The settings do not say where the store is in a way that works, whatever the state of the database.</summary>
    Misconfigured,

    /// <summary>
    /// The database does not answer: nobody is there, it is stopping, or the connection broke. What was asked may or may not have been
    /// done.
    /// </summary>
    Unreachable,

    /// <summary>Others hold what is needed, for longer than one waits. Nothing was done.</summary>
    Busy,

    /// <summary>The database refused the user, the password or the access.</summary>
    Refused,

    /// <summary>The database or its file cannot be written to.</summary>
    ReadOnly,

    /// <summary>There is no room left where the database is.</summary>
    Full,

    /// <summary>A later version of this program has changed the database; this one does not know what it holds now.</summary>
    NewerSchema,

    /// <summary>The file is not a database, or is damaged.</summary>
    Damaged,

    /// <summary>The store has secrets, and the key that they are encrypted with is not there.</summary>
    MasterKeyMissing,

    /// <summary>The store's secrets are encrypted with another key than the one that is there.</summary>
    MasterKeyWrong,

    /// <summary>Others than the owner and the group can read the master key.</summary>
    MasterKeyExposed,
}
