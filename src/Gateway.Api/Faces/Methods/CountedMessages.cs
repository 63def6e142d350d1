using Gateway.Api.Errors;
using Gateway.Api.Http;
using Gateway.Api.Models;
using Gateway.Api.Streams;
using Gateway.Core.Upstream.Calls;

namespace Gateway.Api.Faces.Methods;

/// <summary>
/// The messages of a streaming method, and the tokens that they tell: counted where each passes once, whichever clients come back for it.
/// </summary>
/// <param name="messages">The messages, which change hands.</param>
internal sealed class CountedMessages(MessageSource messages) : MessageSource
{
    public override ApiError? Failure => messages.Failure;

    public override TokenCounts Tokens { get; } = new();

    public override async ValueTask<Payload?> ReadAsync(CancellationToken cancellationToken)
    {
        var message = await messages.ReadAsync(cancellationToken);
        if (message is not null)
        {
            ReturnedText.CountPiece(message.Memory.Span, Tokens);
        }

        return message;
    }

    public override ValueTask DisposeAsync() => messages.DisposeAsync();
}
