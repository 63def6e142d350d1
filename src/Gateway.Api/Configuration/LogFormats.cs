namespace Gateway.Api.Configuration;

/// <summary>The forms of the log.</summary>
internal static class LogFormats
{
    /// <summary>For people.</summary>
    public const string Text = "text";

    /// <summary>One JSON object per line, for programs to read.</summary>
    public const string Json = "json";
}
