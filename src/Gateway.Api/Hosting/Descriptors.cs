using System.Globalization;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace Gateway.Api.Hosting;

/// <summary>
/// Keeps clients from taking the last descriptors of the process (<c>ulimit -n</c>): a connection that comes so near to the end is closed
/// at once. Without any left, nothing could go upstream, and the server would try again without a rest to take the next connection. A new
/// socket has the lowest number that is free (POSIX, 2.6), so its number says how many are taken at least. Where the system tells no limit,
/// there is none.
/// </summary>
internal sealed partial class Descriptors
{
    private const string Limits = "/proc/self/limits";
    private const string Name = "Max open files ";

    // For connections to the upstream, files and name look-ups: a sixteenth of all, but no more than they need.
    private const int MaxReserve = 64;
    private const int ReservedPart = 16;

    private static readonly TimeSpan Quiet = TimeSpan.FromMinutes(1);

    private readonly TimeProvider _time;
    private readonly ILogger<Descriptors> _logger;
    private readonly Lock _gate = new();
    private readonly long _limit;
    private readonly long _end;
    private long? _told;

    /// <summary>Asks the system for the limit.</summary>
    public Descriptors(TimeProvider time, ILogger<Descriptors> logger)
    {
        _time = time;
        _logger = logger;
        _limit = Limit();
        _end = _limit - Math.Min(MaxReserve, _limit / ReservedPart);
    }

    /// <summary>Closes the connections of an endpoint that would take the last descriptors.</summary>
    public void GuardAt(IConnectionBuilder connections) =>
        connections.Use(next => connection => HasRoom(connection) ? next(connection) : Task.CompletedTask);

    private bool HasRoom(ConnectionContext connection)
    {
        var hasRoom = connection.Features.Get<IConnectionSocketFeature>()?.Socket.Handle is not { } number || number < _end;
        if (!hasRoom && IsNews())
        {
            LogRunOut(_limit);
        }

        return hasRoom;
    }

    // Not of every connection, of which there may be thousands a second.
    private bool IsNews()
    {
        lock (_gate)
        {
            if (_told is { } told && _time.GetElapsedTime(told) < Quiet)
            {
                return false;
            }

            _told = _time.GetTimestamp();
            return true;
        }
    }

    // "Max open files 1024 524288 files": the first counts, and is raised to the second as the process starts.
    private static long Limit()
    {
        var line = OperatingSystem.IsLinux() && File.Exists(Limits)
            ? File.ReadLines(Limits).FirstOrDefault(line => line.StartsWith(Name, StringComparison.Ordinal))
            : null;
        return long.TryParse(
            line?[Name.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[0], CultureInfo.InvariantCulture, out var limit)
            ? limit
            : long.MaxValue;
    }

    [LoggerMessage(LogLevel.Warning, "The process runs out of descriptors (ulimit -n is {Limit}): further connections are closed "
        + "until others end. Raise that limit, or lower Gateway:Limits:MaxConnections")]
    private partial void LogRunOut(long limit);
}
