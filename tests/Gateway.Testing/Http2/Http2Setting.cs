namespace Gateway.Testing.Http2;

/// <summary>Settings of RFC 9113, section 6.5.2.</summary>
public enum Http2Setting : byte
{
    MaxConcurrentStreams = 0x3,
    InitialWindowSize = 0x4,
    MaxHeaderListSize = 0x6,
}
