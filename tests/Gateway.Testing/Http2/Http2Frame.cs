namespace Gateway.Testing.Http2;

/// <summary>One frame of HTTP/2 (RFC 9113, section 4.1).</summary>
public sealed record Http2Frame(Http2FrameType Type, byte Flags, int Stream, byte[] Payload)
{
    public const int HeaderSize = 9;
    public const byte EndStream = 0x1;
    public const byte Ack = 0x1;
    public const byte EndHeaders = 0x4;

    public bool EndsStream => Type is Http2FrameType.Data or Http2FrameType.Headers && (Flags & EndStream) != 0;
}
