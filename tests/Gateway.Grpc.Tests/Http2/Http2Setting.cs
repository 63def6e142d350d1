namespace Gateway.Grpc.Tests.Http2;

/// <summary>Settings of RFC 9113, section 6.5.2.</summary>
internal enum Http2Setting : byte
{
    MaxConcurrentStreams = 0x3,
    InitialWindowSize = 0x4,
    MaxHeaderListSize = 0x6,
}
