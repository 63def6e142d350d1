using System.Collections.Frozen;
using System.Globalization;
using System.Net;
using Gateway.Core.Upstream.Failures;
using Grpc.Core;

namespace Gateway.Core.Upstream.Connections;

/// <summary>
/// Stands between the gRPC client and the HTTP handler, where it is known how far a request came and what came back instead of gRPC.
/// </summary>
/// <param name="inner">The HTTP handler.</param>
/// <param name="twoWay">The paths of the methods that send any number of messages; none where only others are called.</param>
/// <param name="maxMessageBytes">
/// The most bytes of the one message of a response; null where responses are streams: their messages are small, and many for one more
/// reader.
/// </param>
internal sealed class CallHandler(HttpMessageHandler inner, FrozenSet<string> twoWay, int? maxMessageBytes) : DelegatingHandler(inner)
{
    private const string ContentType = "application/grpc";

    // A connection that is lost before it is used is rare, and three in a row are not chance.
    private const int MaxLostConnections = 3;

    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var isTwoWay = twoWay.Count > 0 && twoWay.Contains(request.RequestUri!.AbsolutePath);
        var content = isTwoWay ? new TwoWayContent(request.Content!) { IsOfBytes = true } : new RequestContent(request.Content!);
        request.Content = content;
        for (var lost = 0; ; lost++)
        {
            HttpResponseMessage response;
            try
            {
                response = await base.SendAsync(request, cancellationToken);
            }
            catch (Exception exception) when (
                lost < MaxLostConnections && !content.WasBegun && TransportFailure.IsLostConnection(exception))
            {
                // A connection that is lost between being chosen and being used fails the call, though nothing of it was sent. The handler,
                // which sends refused calls again, does not see to this; another connection is chosen.
                continue;
            }
            catch (Exception exception) when (TransportFailure.Covers(exception) && !cancellationToken.IsCancellationRequested)
            {
                throw new CallFailedException(FailureOf(exception, content));
            }

            content.NoteAnswered();
            if (NotGrpc(response) is { } failure)
            {
                throw new CallFailedException(failure);
            }

            if (maxMessageBytes is { } max)
            {
                response.Content = new ResponseContent(response.Content, content, max);
            }

            return response;
        }
    }

    /// <summary>
    /// For the HTTP handler to call before it sends a request's headers. What a peer refuses (REFUSED_STREAM, GOAWAY) it sends three more
    /// times at once, which no option of it turns off; an exception from here does.
    /// </summary>
    /// <exception cref="RequestRefusedException">The request was sent before, and is not to be sent again from here.</exception>
    public static void ThrowIfSpent(HttpRequestMessage request)
    {
        if (request.Content is RequestContent { IsSpent: true })
        {
            throw new RequestRefusedException();
        }
    }

    private static CallOutcome FailureOf(Exception exception, RequestContent content)
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
            && IsGrpc(type.ToString());
        return isGrpc ? null : CallFailures.NotGrpc;
    }

    // gRPC, PROTOCOL-HTTP2.md; "application/grpc-web" is another protocol
    private static bool IsGrpc(string contentType) =>
        contentType.StartsWith(ContentType, StringComparison.OrdinalIgnoreCase)
        && (contentType.Length == ContentType.Length || contentType[ContentType.Length] is '+' or ';');

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
        return new CallOutcome(
            code, string.Create(CultureInfo.InvariantCulture, $"the upstream answered HTTP {(int)status} instead of gRPC"))
        {
            IsHttpServerError = (int)status >= 500,
        };
    }
}
