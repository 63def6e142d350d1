namespace Gateway.Core.Json;

/// <summary>What <see cref="JsonTokenizer"/> found.</summary>
internal enum JsonTokenKind : byte
{
    /// <summary>Nothing yet: the chunk is used up.</summary>
    None,

    /// <summary>The text breaks a rule or a limit; the tokenizer's fault tells which.</summary>
    Error,

    ObjectStart,
    ObjectEnd,
    ArrayStart,
    ArrayEnd,

    /// <summary>A member's name, unescaped and whole.</summary>
    Name,

    /// <summary>A part of a string value, unescaped; more follows.</summary>
    StringPart,

    /// <summary>The last part of a string value, and the only one unless parts came before it.</summary>
    String,

    Number,
    True,
    False,
    Null,
}
