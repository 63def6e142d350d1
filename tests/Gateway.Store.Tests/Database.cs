namespace Gateway.Store.Tests;

/// <summary>The databases that a store can be in.</summary>
public enum Database
{
    Sqlite,
    PostgreSql,
}
