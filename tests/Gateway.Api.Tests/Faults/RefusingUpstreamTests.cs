using System.Net;
using Gateway.Api.Tests.Faces.Grpc;
using Gateway.Api.Tests.Support;
using Gateway.Testing.Grpc;
using Gateway.Testing.Http2;

namespace Gateway.Api.Tests.Faults;

/// <summary>An upstream that refuses every call with REFUSED_STREAM: no face costs it more requests than the call has attempts.</summary>
public sealed class RefusingUpstreamTests
{
    private static readonly (string, string?) AtOnce = ("Gateway:Upstream:Retry:InitialBackoff", "00:00:00.001");

    [Theory]
    [InlineData("/v2/models/m/outputs")]
    [InlineData("/v2/models/m/outputs/generate")]
    public async Task Rest_IsAnErrorAfterThreeRequests(string path)
    {
        await using var upstream = new RefusingPeer();
        await using var gateway = GatewayHost.Start(upstream.Address, AtOnce);
        using var client = gateway.CreateClientWithKey();

        var answer = await Answer.OfAsync(client, "POST", path, """{"inputs":[{"data":{"text":{"raw":"x"}}}]}""");

        Assert.Equal((HttpStatusCode.ServiceUnavailable, "the upstream refused the call", 3), (answer.Http, answer.Details, upstream.Calls));
    }

    [Theory]
    [InlineData(GrpcFront.Predict)]
    [InlineData(GrpcFront.Generate)]
    public async Task Grpc_IsUnavailableAfterThreeRequests(string path)
    {
        await using var upstream = new RefusingPeer();
        await using var gateway = GatewayHost.Start(upstream.Address, AtOnce);
        await using var channel = new RawChannel(gateway.GrpcAddress);

        var result = await channel.UnaryAsync(path, GrpcFront.Bytes(GrpcFront.Request("x")), GrpcFront.Options());

        Assert.Equal(
            (GrpcStatusCode.Unavailable, "the upstream refused the call", 3), (result.Status.StatusCode, result.Status.Detail, upstream.Calls));
    }
}
