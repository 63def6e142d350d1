using System.Buffers;
using System.Collections.Concurrent;

namespace Gateway.Core.Upstream.Calls;

/// <summary>
/// Large messages of responses, which were read past the gRPC client. In the place of each the client reads a name that nobody can guess,
/// and whoever makes a payload of that gets the message. The client would read it into an array of up to twice its size, to be copied from
/// there. Thread-safe.
/// </summary>
internal static class ReceivedMessage
{
    /// <summary>The length of a name, in bytes.</summary>
    public const int NameSize = 16;

    private static readonly ConcurrentDictionary<Guid, (byte[] Array, int Length)> Messages = new();

    /// <summary>Keeps a message under a name.</summary>
    public static Guid Add(byte[] array, int length)
    {
        var name = Guid.NewGuid();
        Messages[name] = (array, length);
        return name;
    }

    /// <summary>The message that bytes name, which the caller owns; null when they name none.</summary>
    public static (byte[] Array, int Length)? Take(in ReadOnlySequence<byte> bytes)
    {
        if (bytes.Length != NameSize || Messages.IsEmpty)
        {
            return null;
        }

        Span<byte> name = stackalloc byte[NameSize];
        bytes.CopyTo(name);
        return Messages.TryRemove(new Guid(name), out var message) ? message : null;
    }

    /// <summary>Lets go of a message that nobody has taken.</summary>
    public static void Remove(Guid name) => Messages.TryRemove(name, out _);
}
