namespace Gateway.Testing.Http2;

/// <summary>The frame types of RFC 9113, section 6.</summary>
public enum Http2FrameType : byte
{
    Data = 0,
    Headers = 1,
    Reset = 3,
    Settings = 4,
    Ping = 6,
    GoAway = 7,
    WindowUpdate = 8,
}
