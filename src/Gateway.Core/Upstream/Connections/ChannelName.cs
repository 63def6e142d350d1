namespace Gateway.Core.Upstream.Connections;

/// <summary>
/// The name of a client in the client factory, which says what it is for: the calls it makes, and the address. So clients need not be
/// registered one by one: addresses may be known only once the host runs.
/// </summary>
internal static class ChannelName
{
    private const string UnaryPrefix = "upstream unary ";
    private const string StreamsPrefix = "upstream streams ";

    public static string Unary(Uri address) => UnaryPrefix + address;

    public static string Streams(Uri address) => StreamsPrefix + address;

    /// <summary>Reads a name; false for clients that are not the upstream's.</summary>
    public static bool TryRead(string? name, out Uri address, out bool isForStreams)
    {
        isForStreams = name?.StartsWith(StreamsPrefix, StringComparison.Ordinal) == true;
        var isOurs = isForStreams || name?.StartsWith(UnaryPrefix, StringComparison.Ordinal) == true;
        address = isOurs ? new Uri(name![(isForStreams ? StreamsPrefix : UnaryPrefix).Length..]) : null!;
        return isOurs;
    }
}
