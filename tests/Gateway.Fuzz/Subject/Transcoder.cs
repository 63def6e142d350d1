using System.Buffers;
using Gateway.Core.Json;
using Gateway.Core.Schema;
using Gateway.Core.Transcoding;
using Gateway.Core.Wire;

namespace Gateway.Fuzz.Subject;

/// <summary>The two walkers under test, whole and in pieces, with exceptions for what they must not do to memory. One a thread.</summary>
internal sealed class Transcoder(JsonLimits limits) : IDisposable
{
    /// <summary>More turns than any input of a case takes: each writes a byte at least.</summary>
    private const int MaxTurns = 10_000_000;

    /// <summary>What a message may allocate, whatever it says of itself: this much, and so many bytes for each of its own.</summary>
    private const long MaxAllocated = 8 * 1024 * 1024;
    private const long MaxAllocatedPerByte = 100;

    private readonly JsonToProto _toProto = new(limits);
    private readonly ProtoToJson _toJson = new(limits);
    private readonly WireWriter _wire = new();
    private readonly TightWriter _json = new();

    /// <summary>JSON to wire bytes, all at once when nobody says how to cut it.</summary>
    public Transcoded ToWire(MessagePlan plan, ReadOnlySpan<byte> json, Func<int>? chunk = null)
    {
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        var length = json.Length;
        _wire.Reset();
        _toProto.Begin(plan, _wire);
        while (json.Length > 0)
        {
            // A chunk of its own array: reading beyond its end is an exception, and reading it later gives something else.
            var next = json[..Math.Min(chunk?.Invoke() ?? int.MaxValue, json.Length)].ToArray();
            json = json[next.Length..];
            var goesOn = _toProto.Feed(next);
            next.AsSpan().Fill((byte)'?');
            if (!goesOn)
            {
                break;
            }
        }

        var result = _toProto.Complete() ? new Transcoded(_wire.Written.ToArray(), null) : new Transcoded([], _toProto.Error);
        CheckAllocated(allocated, length);
        return result;
    }

    /// <summary>JSON to wire bytes, where other texts follow it.</summary>
    /// <param name="plan">The message that the text is.</param>
    /// <param name="json">The text and what follows it.</param>
    /// <param name="chunk">How it is cut.</param>
    /// <param name="left">What was not taken for the text's, without white space in front.</param>
    public Transcoded FirstToWire(MessagePlan plan, byte[] json, Func<int> chunk, out byte[] left)
    {
        _wire.Reset();
        _toProto.Begin(plan, _wire);
        var at = 0;
        var goesOn = true;
        while (goesOn && !_toProto.IsAtEnd && at < json.Length)
        {
            var next = json[at..Math.Min(at + chunk(), json.Length)];
            goesOn = _toProto.FeedValue(next, out var consumed);
            next.AsSpan().Fill((byte)'?');
            at += consumed;
            if (goesOn && consumed < next.Length && !_toProto.IsAtEnd)
            {
                throw new InvalidOperationException("The text stops before its end.");
            }
        }

        left = json.AsSpan(at).TrimStart(" \t\r\n"u8).ToArray();
        return _toProto.Complete() ? new Transcoded(_wire.Written.ToArray(), null) : new Transcoded([], _toProto.Error);
    }

    /// <summary>Wire bytes to JSON, as much in one turn as the budget says.</summary>
    public Transcoded ToJson(MessagePlan plan, ReadOnlySpan<byte> wire, int budget = ProtoToJson.DefaultBudget)
    {
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        _json.Clear();
        _toJson.Begin(plan, wire.ToArray());
        for (var turns = 0; !_toJson.Continue(_json, budget); turns++)
        {
            if (turns > MaxTurns)
            {
                throw new InvalidOperationException("The message does not come to an end.");
            }
        }

        var result = _toJson.Error is { } error ? new Transcoded([], error) : new Transcoded(_json.Written.ToArray(), null);
        CheckAllocated(allocated, wire.Length);
        return result;
    }

    public void Dispose()
    {
        _toProto.Dispose();
        _toJson.Dispose();
        _wire.Dispose();
    }

    private static void CheckAllocated(long before, int length)
    {
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        if (allocated > MaxAllocated + length * MaxAllocatedPerByte)
        {
            throw new InvalidOperationException($"{length} bytes made the transcoder allocate {allocated}.");
        }
    }
}
