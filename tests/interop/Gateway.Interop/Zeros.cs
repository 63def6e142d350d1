using Google.Protobuf;

namespace Gateway.Interop;

/// <summary>Payloads of nothing but zeros, the only ones that the cases send.</summary>
internal static class Zeros
{
    /// <summary>A payload of so many bytes.</summary>
    public static Messages.Payload Of(int size) => new() { Body = UnsafeByteOperations.UnsafeWrap(new byte[size]) };

    /// <summary>Whether there is a payload, of so many bytes, all of them zero.</summary>
    public static bool Are(int size, Messages.Payload? payload) =>
        payload is not null && payload.Body.Length == size && !payload.Body.Span.ContainsAnyExcept((byte)0);
}
