namespace Gateway.Api.Tests.Faults;

/// <summary>How far a call has come when its upstream dies.</summary>
public enum Stage
{
    /// <summary>There is none yet: the connection was just made, or was not.</summary>
    Connecting,

    /// <summary>The request is there.</summary>
    BeforeHeaders,

    /// <summary>The response's headers are out.</summary>
    AfterHeaders,

    /// <summary>So is a part of the first message.</summary>
    InsideFirstMessage,

    /// <summary>So is all of it, but no trailers. The client of a stream has seen it.</summary>
    AfterFirstMessage,

    /// <summary>So is a part of a second one.</summary>
    InsideSecondMessage,
}
