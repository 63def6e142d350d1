using System.Collections.Immutable;

namespace Gateway.Api.Stored;

/// <summary>An operation that was not done. Nothing of it was.</summary>
/// <param name="Kind">Why.</param>
/// <param name="Sentence">The same in words; never with a secret.</param>
internal sealed record OperationFault(OperationFaultKind Kind, string Sentence)
{
    /// <summary>What is wrong part by part, where that is why.</summary>
    public ImmutableArray<MemberFault> Members { get; private init; } = [];

    /// <summary>One part is wrong.</summary>
    public static OperationFault Invalid(string path, string sentence) => Invalid([new MemberFault(path, sentence)]);

    /// <summary>Parts are wrong.</summary>
    public static OperationFault Invalid(ImmutableArray<MemberFault> members) =>
        new(OperationFaultKind.Invalid, string.Join(' ', members.Select(member => member.Sentence))) { Members = members };

    /// <summary>There is no such tenant.</summary>
    public static OperationFault NoTenant(string name) => new(OperationFaultKind.NotFound, $"The store has no tenant {Shown(name)}.");

    /// <summary>The tenant has no such key.</summary>
    public static OperationFault NoKey(string tenant, string name) =>
        new(OperationFaultKind.NotFound, $"Tenant {Shown(tenant)} has no key {Shown(name)} that is neither revoked nor replaced.");

    /// <summary>The tenant has no such token.</summary>
    public static OperationFault NoPat(string tenant, string name) =>
        new(OperationFaultKind.NotFound, $"Tenant {Shown(tenant)} has no token {Shown(name)}.");

    /// <summary>Somebody else has changed it.</summary>
    public static OperationFault Conflict(string what) =>
        new(OperationFaultKind.VersionConflict, $"{what} has been changed since that version: read it again, and decide again.");

    // What cannot be a name may be a secret in the wrong place.
    private static string Shown(string name) => DefinitionName.IsOne(name) ? name : "of that name";
}
