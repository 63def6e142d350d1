namespace Gateway.Core.Schema;

/// <summary>How often a field may be set, and whether being zero is being unset.</summary>
public enum FieldCardinality
{
    /// <summary>Once; zero means unset and is not written.</summary>
    Implicit,

    /// <summary>Once; set or not, whatever the value: <c>optional</c>, messages, oneof members.</summary>
    Explicit,

    /// <summary>Any number of times, each with its tag.</summary>
    Repeated,

    /// <summary>Any number of times, written as one run of values without tags.</summary>
    Packed,

    /// <summary>Any number of times, each an entry of key and value.</summary>
    Map,
}
