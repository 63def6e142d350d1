using System.Globalization;
using System.Net;
using Gateway.Core.Upstream.Failures;
using Grpc.Core;

namespace Gateway.Core.Upstream.Connections;

/// <summary>
/// Stands between the gRPC client and the HTTP handler, where it is known how far a request came and what came back instead of gRPC.
/// </summary>
internal sealed class CallHandler(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    // A connection that is lost before it is used is rare, and three in a row are not chance.
    private const int MaxLostConnections = 3;

    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var content = new TrackedContent(request.Content!);
        request.Content = content;
        HttpResponseMessage response;
        try
        {
            response = await AnswerAsync(request, content, cancellationToken);
        }
        catch (Exception exception) when (TransportFailure.Covers(exception) && !cancellationToken.IsCancellationRequested)
        {
            throw new CallFailedException(FailureOf(exception, content));
        }

        return NotGrpc(response) is { } failure ? throw new CallFailedException(failure) : response;
    }

    /// <summary>
    /// For the HTTP handler to call before it sends a request's headers. What a peer refuses (REFUSED_STREAM, GOAWAY) it sends three more times at
    /// once, which no option of it turns off; an exception from here does. Whoever makes the call makes it again, if at all: only there is a wait, a
    /// budget, and perhaps another address; and what was written to a two-way call is gone.
    /// </summary>
    /// <exception cref="RequestRefusedException">The request was sent before.</exception>
    public static void ThrowIfSent(HttpRequestMessage request)
    {
        if (request.Content is TrackedContent { WasBegun: true })
        {
            throw new RequestRefusedException();
        }
    }

    // A connection that is lost between being chosen and being used fails the call, though nothing of it was sent; the handler, which sends
    // refused calls again, does not see to this.
    private async Task<HttpResponseMessage> AnswerAsync(HttpRequestMessage request, TrackedContent content, CancellationToken cancellationToken)
    {
        for (var lost = 0; ; lost++)
        {
            try
            {
                return await base.SendAsync(request, cancellationToken);
            }
            catch (Exception exception) when (lost < MaxLostConnections && !content.WasBegun && TransportFailure.IsLostConnection(exception))
            {
                // Another connection is chosen.
            }
        }
    }

    private static CallOutcome FailureOf(Exception exception, TrackedContent content)
    {
        var outcome = TransportFailure.ToOutcome(exception);
        return !content.WasBegun ? outcome with { IsUnprocessed = true } : outcome;
    }

    // An answer whose headers hold a status is the client's to read, whatever else they say.
    private static CallOutcome? NotGrpc(HttpResponseMessage response)
    {
        if (response.Headers.NonValidated.Contains("grpc-status"))
        {
            return null;
        }

        if (response.StatusCode != HttpStatusCode.OK)
        {
            return OfHttp(response.StatusCode);
        }

        var isGrpc = response.Content.Headers.NonValidated.TryGetValues("content-type", out var type)
            && type.ToString().StartsWith("application/grpc", StringComparison.OrdinalIgnoreCase);
        return isGrpc ? null : CallFailures.NotGrpc;
    }

    // gRPC, http-grpc-status-mapping.md
    private static CallOutcome OfHttp(HttpStatusCode status)
    {
        var code = (int)status switch
        {
            400 => StatusCode.Internal,
            401 => StatusCode.Unauthenticated,
            403 => StatusCode.PermissionDenied,
            404 => StatusCode.Unimplemented,
            429 or 502 or 503 or 504 => StatusCode.Unavailable,
            _ => StatusCode.Unknown,
        };
        return new CallOutcome(code, string.Create(CultureInfo.InvariantCulture, $"the upstream answered HTTP {(int)status} instead of gRPC"));
    }

    /// <summary>The gRPC client's content, and whether anything of it was asked for.</summary>
    private sealed class TrackedContent : HttpContent
    {
        private readonly HttpContent _message;

        public TrackedContent(HttpContent message)
        {
            _message = message;
            foreach (var header in message.Headers.NonValidated)
            {
                Headers.TryAddWithoutValidation(header.Key, header.Value.ToString());
            }
        }

        /// <summary>Whether the handler has begun to send it: before that nothing of the call has left this side.</summary>
        public bool WasBegun { get; private set; }

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
        {
            WasBegun = true;
            return _message.CopyToAsync(stream, context, cancellationToken);
        }

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
            SerializeToStreamAsync(stream, context, CancellationToken.None);

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                _message.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}
