using System.Text;
using Grpc.Core;

namespace Gateway.Core.Tests.Upstream.Support;

/// <summary>What came of a call.</summary>
/// <param name="Outcome">How it ended.</param>
/// <param name="Message">The message of a unary call that succeeded; else null.</param>
/// <param name="Headers">The response's headers.</param>
/// <param name="Trailers">The response's trailers.</param>
/// <param name="Details">The status's details; empty for none.</param>
internal sealed record Reply(Outcome Outcome, byte[]? Message, Metadata Headers, Metadata Trailers, byte[] Details)
{
    public StatusCode Code => Outcome.Code;

    public string? Text => Message is null ? null : Encoding.UTF8.GetString(Message);
}
