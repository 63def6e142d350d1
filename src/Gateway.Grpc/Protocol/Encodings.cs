namespace Gateway.Grpc.Protocol;

/// <summary>The message encodings that this library speaks.</summary>
internal static class Encodings
{
    public const string Gzip = "gzip";
    public const string Identity = "identity";

    /// <summary>The value of <c>grpc-accept-encoding</c>.</summary>
    public const string Accepted = "identity,gzip";

    /// <summary>Whether a <c>grpc-encoding</c> (null when absent) is one that this library speaks.</summary>
    public static bool IsKnown(string? encoding) => string.IsNullOrEmpty(encoding) || IsGzip(encoding) || encoding == Identity;

    /// <summary>Whether a <c>grpc-encoding</c> (null when absent) is gzip.</summary>
    public static bool IsGzip(string? encoding) => encoding == Gzip;

    /// <summary>Whether a <c>grpc-accept-encoding</c> list holds gzip.</summary>
    public static bool AcceptsGzip(ReadOnlySpan<char> accepted)
    {
        foreach (Range item in accepted.Split(','))
        {
            if (accepted[item].Trim() is Gzip) return true;
        }

        return false;
    }
}
