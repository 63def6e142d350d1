namespace Gateway.Fuzz.Rules;

/// <summary>How the transcoder and Google.Protobuf can come to differ on one input.</summary>
[Flags]
internal enum Difference
{
    None = 0,

    /// <summary>We accept what Google refuses.</summary>
    OnlyWeAccept = 1,

    /// <summary>Google accepts what we refuse.</summary>
    OnlyGoogleAccepts = 1 << 1,

    /// <summary>Both accept, and read or write another message.</summary>
    OtherMessage = 1 << 2,

    /// <summary>We do not read what we write, to the same again.</summary>
    NotReadBack = 1 << 3,
}
