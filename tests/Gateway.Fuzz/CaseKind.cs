namespace Gateway.Fuzz;

/// <summary>What a case's input is.</summary>
internal enum CaseKind
{
    /// <summary>A message's text in one of its legal spellings.</summary>
    LegalText,

    /// <summary>Such a text with some changes.</summary>
    ChangedText,

    /// <summary>A text of the message's members with odd values, or of any pieces of JSON.</summary>
    RandomText,

    /// <summary>A message as Google's library writes it.</summary>
    LegalWire,

    /// <summary>Such bytes with some changes.</summary>
    ChangedWire,

    /// <summary>Fields of the message as no writer writes them, or any bytes.</summary>
    RandomWire,
}
