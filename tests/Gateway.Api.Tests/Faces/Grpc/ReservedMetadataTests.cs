using Task = System.Threading.Tasks.Task;

namespace Gateway.Api.Tests.Faces.Grpc;

/// <summary>Names that HTTP, browsers or proxies give a meaning to cross the gateway in neither direction.</summary>
public sealed class ReservedMetadataTests
{
    private static readonly string[] Reserved =
    [
        "access-control-allow-origin", "location", "refresh", "clear-site-data", "x-accel-redirect", "www-authenticate", "cache-control", "set-cookie", "x-forwarded-for",
        "x-forwarded-user", "x-envoy-upstream-service-time", "x-real-ip", "x-api-key", "x-auth-request-email", "x-amzn-oidc-data", "x-goog-iap-jwt-assertion",
        "x-goog-authenticated-user-email", "cf-access-jwt-assertion", "x-ms-client-principal", "x-ms-client-principal-id", "x-remote-user", "remote-user",
        "cf-connecting-ip", "true-client-ip", "x-original-url", "x-http-method-override", "x-sendfile", "content-security-policy", "content-disposition",
        "cross-origin-opener-policy", "link", "etag", "vary", "retry-after", "alt-svc", "strict-transport-security", "x-frame-options", "service-worker-allowed",
        "report-to", "nel", "accept-ch", "sourcemap", "server-timing", "x_forwarded_for", "x.real.ip", "remote_user", "x-webauth-user", "ssl-client-verify",
    ];

    private static readonly string[] OfTheApplication = ["x-mine", "model-version", "b3", "x-b3-traceid", "traceparent", "baggage", "x-clarifai-anything"];

    [Fact]
    public async Task Metadata_OfTheClient_GoesUpstreamUnlessItIsReserved()
    {
        string[] seen = [];
        await using var front = await GrpcFront.StartAsync(async call =>
        {
            seen = [.. call.RequestHeaders.Select(entry => entry.Key)];
            return await GrpcFront.EchoAsync(call);
        });

        // These the client itself, or the test's server, would trip over.
        var names = Reserved.Append("grpc-tags-bin-like").Except(["set-cookie"]);
        await front.Channel.UnaryAsync(
            GrpcFront.Predict, GrpcFront.Bytes(GrpcFront.Request("x")), GrpcFront.Options("Key " + GrpcFront.Key, [.. names.Concat(OfTheApplication).Select(name => (name, "1"))]));

        Assert.Equal([], Reserved.Append("grpc-tags-bin-like").Intersect(seen));
        Assert.Equal(OfTheApplication, OfTheApplication.Intersect(seen));
    }

    /// <summary>What the upstream repeats of the tenant's token is nobody's to read.</summary>
    [Theory]
    [InlineData(GrpcFront.Predict)]
    [InlineData(GrpcFront.Generate)]
    [InlineData(GrpcFront.Stream)]
    public async Task Token_ThatTheUpstreamRepeats_IsMasked(string path)
    {
        await using var front = await GrpcFront.StartAsync(async call =>
        {
            using var message = await call.ReadSingleAsync();
            call.ResponseHeaders.Add("x-echo", GrpcFront.Pat);
            call.ResponseTrailers.Add("grpc-status-details-bin", System.Text.Encoding.UTF8.GetBytes(GrpcFront.Pat));
            await call.StartAsync();
            return new GrpcStatus(GrpcStatusCode.Unauthenticated, $"{GrpcFront.Pat} is none");
        });

        using var stream = front.Channel.ServerStreaming(path, GrpcFront.Bytes(GrpcFront.Request("x")), GrpcFront.Options());
        await stream.ReadToEndAsync();

        Assert.Equal("********** is none", stream.Status.Detail);
        Assert.Equal("**********", (stream.Headers.GetValue("x-echo") ?? stream.Trailers.GetValue("x-echo")));
        Assert.Equal("**********", System.Text.Encoding.UTF8.GetString(stream.Trailers.GetValueBytes("grpc-status-details-bin")!));
    }

    [Theory]
    [InlineData(GrpcFront.Predict, true)]
    [InlineData(GrpcFront.Predict, false)]
    [InlineData(GrpcFront.Generate, true)]
    [InlineData(GrpcFront.Stream, false)]
    public async Task Metadata_OfTheUpstream_ReachesTheClientUnlessItIsReserved(string path, bool inTrailers)
    {
        await using var front = await GrpcFront.StartAsync(async call =>
        {
            using var message = await call.ReadSingleAsync();
            var metadata = inTrailers ? call.ResponseTrailers : call.ResponseHeaders;
            foreach (var name in Reserved.Concat(OfTheApplication))
            {
                metadata.Add(name, "upstream");
            }

            await call.WriteAsync(GrpcFront.Bytes(GrpcFront.Response()));
            return GrpcStatus.DefaultSuccess;
        });

        using var stream = front.Channel.ServerStreaming(path, GrpcFront.Bytes(GrpcFront.Request("x")), GrpcFront.Options());
        await stream.ReadToEndAsync();

        var seen = stream.Headers.Concat(stream.Trailers).Where(entry => entry.Value == "upstream").Select(entry => entry.Key).ToArray();
        Assert.Equal([], Reserved.Intersect(seen));
        Assert.Equal(OfTheApplication, OfTheApplication.Intersect(seen));
    }
}
