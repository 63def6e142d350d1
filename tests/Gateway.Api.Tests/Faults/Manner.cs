namespace Gateway.Api.Tests.Faults;

/// <summary>How an upstream dies.</summary>
public enum Manner
{
    /// <summary>Nobody listens.</summary>
    RefusesConnection,

    /// <summary>It answers in HTTP/1.1.</summary>
    SpeaksHttp1,

    /// <summary>It closes the connection, as a process does that ends.</summary>
    Closes,

    /// <summary>The connection is reset, as by a host that knows nothing of it.</summary>
    Resets,

    /// <summary>It says with GOAWAY that it had too much, and closes the connection.</summary>
    ShutsDown,

    /// <summary>It resets the call's stream, and goes on with others.</summary>
    ResetsStream,

    /// <summary>It ends the call's stream without trailers.</summary>
    EndsStream,
}
