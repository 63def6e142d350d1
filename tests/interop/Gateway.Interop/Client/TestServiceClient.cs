using System.Buffers;
using System.Net.Security;
using Gateway.Core.Upstream;
using Gateway.Interop.Messages;
using Google.Protobuf;

namespace Gateway.Interop.Client;

/// <summary>The interop service's calls by the gateway's own client, with messages for bytes.</summary>
/// <param name="address">The server's address.</param>
/// <param name="tls">What TLS needs, if the address is one of TLS.</param>
internal sealed class TestServiceClient(Uri address, Func<SslClientAuthenticationOptions> tls) : IAsyncDisposable
{
    private readonly Upstream _service = Of("TestService", address, tls);
    private readonly Upstream _unimplemented = Of("UnimplementedService", address, tls);

    public Task<Answer<Empty>> EmptyAsync() => UnaryAsync<Empty>(_service, "EmptyCall", new Empty(), default);

    public Task<Answer<Empty>> UnimplementedMethodAsync() => UnaryAsync<Empty>(_service, "UnimplementedCall", new Empty(), default);

    public Task<Answer<Empty>> UnimplementedServiceAsync() => UnaryAsync<Empty>(_unimplemented, "UnimplementedCall", new Empty(), default);

    public Task<Answer<SimpleResponse>> UnaryAsync(SimpleRequest request, UpstreamCall call = default) =>
        UnaryAsync<SimpleResponse>(_service, "UnaryCall", request, call);

    public UpstreamDuplex StreamingInput(UpstreamCall call = default) => _service.Client.Duplex(_service["StreamingInputCall"], call);

    public UpstreamStream StreamingOutput(StreamingOutputCallRequest request) =>
        _service.Client.Stream(_service["StreamingOutputCall"], new ReadOnlySequence<byte>(request.ToByteArray()), default);

    public UpstreamDuplex FullDuplex(UpstreamCall call = default) => _service.Client.Duplex(_service["FullDuplexCall"], call);

    public async ValueTask DisposeAsync()
    {
        await _service.DisposeAsync();
        await _unimplemented.DisposeAsync();
    }

    private static Upstream Of(string service, Uri address, Func<SslClientAuthenticationOptions> tls) =>
        new(TestingReflection.Descriptor.Services.Single(descriptor => descriptor.Name == service), address, tls);

    private static async Task<Answer<T>> UnaryAsync<T>(Upstream service, string method, IMessage request, UpstreamCall call)
        where T : IMessage<T>, new()
    {
        using var result = await service.Client.CallAsync(service[method], new ReadOnlySequence<byte>(request.ToByteArray()), call);
        return new Answer<T>(result.Outcome, result.Message is { } message ? MessageStreams.Parse<T>(message) : default, result.Headers, result.Trailers);
    }
}
