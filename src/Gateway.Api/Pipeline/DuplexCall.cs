using Gateway.Api.Tenancy;

namespace Gateway.Api.Pipeline;

/// <summary>A two-way call.</summary>
/// <param name="Incoming">The request.</param>
/// <param name="View">What the client gets to see of the answers.</param>
/// <param name="Live">The call, as tenants know it.</param>
internal sealed record DuplexCall(IncomingCall Incoming, AnswerView View, LiveCall Live);
