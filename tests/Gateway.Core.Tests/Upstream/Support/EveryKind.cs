using Gateway.Core.Upstream;

namespace Gateway.Core.Tests.Upstream.Support;

/// <summary>Calls of one kind after the other, where their kind makes no difference to how they end.</summary>
internal static class EveryKind
{
    /// <summary>Makes a call of each kind, one after the other, with one message, and reads it to its end.</summary>
    public static async Task<Reply[]> CallEveryKindAsync(this UpstreamCalls upstream, UpstreamCall call = default) =>
        [await upstream.UnaryAsync(Bytes.Of("x"), call), await upstream.StreamToItsEndAsync(call), await upstream.DuplexToItsEndAsync(call)];

    /// <summary>Makes a call with a stream of answers, and reads it to its end.</summary>
    public static async Task<Reply> StreamToItsEndAsync(this UpstreamCalls upstream, UpstreamCall call = default)
    {
        await using var stream = upstream.Stream(Bytes.Of("x"), call);
        while (await stream.ReadAsync() is not null)
        {
            // What it says before its end is not asked here.
        }

        return stream.End;
    }

    /// <summary>Makes a two-way call with one message, and reads it to its end.</summary>
    public static async Task<Reply> DuplexToItsEndAsync(this UpstreamCalls upstream, UpstreamCall call = default)
    {
        await using var stream = upstream.Duplex(call);
        await stream.WriteAsync(Bytes.Of("x")); // if it fails, reading says why
        await stream.CompleteAsync();
        while (await stream.ReadAsync() is not null)
        {
            // As above.
        }

        return stream.End;
    }
}
