using System.Globalization;
using Gateway.Bench.Peers;

namespace Gateway.Bench.Start;

/// <summary>Which published builds to start, and how often.</summary>
/// <param name="Builds">This clone's, and another's if there is one.</param>
/// <param name="Rounds">How often each is measured.</param>
public sealed record StartOptions(IReadOnlyList<Peer> Builds, int Rounds)
{
    private const int DefaultRounds = 5;

    /// <summary>Reads <c>--against FOLDER</c> and a number of rounds; both may be left out.</summary>
    /// <exception cref="UsageException">They cannot be read, or a build is not published.</exception>
    public static StartOptions Parse(string[] args)
    {
        var (against, rounds) = args switch
        {
            ["--against", var folder, .. var more] => (folder, more),
            _ => (null, args),
        };
        Peer[] builds = against is null ? [Published()] : [Published(), Published(against)];
        return new StartOptions(builds, rounds is [] ? DefaultRounds : RoundsOf(string.Join(' ', rounds)));
    }

    private static Peer Published(string? other = null)
    {
        var publish = Path.Combine(other ?? Repository.Root, Peer.PublishFolder);
        if (!File.Exists(Path.Combine(publish, "Gateway.Api.dll")))
        {
            throw new UsageException($"No gateway is published in {publish}.");
        }

        return other is null ? Peer.Published : Peer.Published.Of(other);
    }

    private static int RoundsOf(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count > 0
        ? count
        : throw new UsageException($"'start' takes '--against FOLDER' and a number of rounds, which '{text}' is not.");
}
