using System.Buffers.Binary;
using System.Net;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using Google.Protobuf;

namespace Gateway.Bench.Peers;

/// <summary>
/// gRPC on HttpClient, message objects in and out: what the official client is made of, without what it adds. The official one,
/// Grpc.Net.Client, is not in every package source.
/// </summary>
public sealed class PlainGrpcClient(Uri upstream) : IDisposable
{
    private const int PrefixLength = 5;

    private static readonly MediaTypeHeaderValue ContentType = new("application/grpc");

    private readonly HttpClient _http = new(new SocketsHttpHandler { EnableMultipleHttp2Connections = true, UseProxy = false, UseCookies = false })
    {
        BaseAddress = upstream,
        Timeout = Timeout.InfiniteTimeSpan,
    };

    /// <summary>Calls a method that answers one message.</summary>
    public async Task<TResponse> CallAsync<TResponse>(string method, IMessage request, MessageParser<TResponse> parser, string requestId, CancellationToken cancellation)
        where TResponse : class, IMessage<TResponse>
    {
        TResponse? single = null;
        await foreach (TResponse response in StreamAsync(method, request, parser, requestId, cancellation))
        {
            single = response;
        }

        return single ?? throw new InvalidOperationException("The call ended without a message.");
    }

    /// <summary>Calls a method that answers any number of messages.</summary>
    public async IAsyncEnumerable<TResponse> StreamAsync<TResponse>(
        string method, IMessage request, MessageParser<TResponse> parser, string requestId, [EnumeratorCancellation] CancellationToken cancellation)
        where TResponse : class, IMessage<TResponse>
    {
        using var http = new HttpRequestMessage(HttpMethod.Post, method)
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = Frame(request),
        };
        http.Headers.TryAddWithoutValidation("te", "trailers");
        http.Headers.TryAddWithoutValidation("grpc-timeout", "5M");
        http.Headers.TryAddWithoutValidation("authorization", PeerHost.Authorization);
        http.Headers.TryAddWithoutValidation("x-request-id", requestId);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(PeerHost.Deadline);
        using HttpResponseMessage response = await _http.SendAsync(http, HttpCompletionOption.ResponseHeadersRead, deadline.Token);
        await using Stream body = await response.Content.ReadAsStreamAsync(deadline.Token);
        byte[] prefix = new byte[PrefixLength];
        while (await body.ReadAtLeastAsync(prefix, PrefixLength, throwOnEndOfStream: false, deadline.Token) == PrefixLength)
        {
            byte[] message = new byte[BinaryPrimitives.ReadInt32BigEndian(prefix.AsSpan(1))];
            await body.ReadExactlyAsync(message, deadline.Token);
            yield return parser.ParseFrom(message);
        }

        if (!response.TrailingHeaders.TryGetValues("grpc-status", out IEnumerable<string>? status) || status.Single() != "0")
        {
            throw new InvalidOperationException("The call failed.");
        }
    }

    public void Dispose() => _http.Dispose();

    private static ByteArrayContent Frame(IMessage message)
    {
        int length = message.CalculateSize();
        byte[] frame = new byte[PrefixLength + length];
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), length);
        message.WriteTo(frame.AsSpan(PrefixLength));
        return new ByteArrayContent(frame) { Headers = { ContentType = ContentType } };
    }
}
