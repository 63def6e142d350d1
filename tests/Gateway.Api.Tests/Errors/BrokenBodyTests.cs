using Gateway.Api.Tests.Support;

namespace Gateway.Api.Tests.Errors;

/// <summary>Bodies that are not framed as HTTP has it, or that do not come.</summary>
public sealed class BrokenBodyTests(BrokenBodyTests.Sandboxed sandboxed) : IClassFixture<BrokenBodyTests.Sandboxed>
{
    private const string Predict = "/v2/models/text-sentiment/outputs";

    /// <summary>The server takes a size beyond 32 bits for another kind of failure than one that is no number.</summary>
    [Theory]
    [InlineData(Predict, "")]
    [InlineData(Predict, "Content-Encoding: gzip\r\n")]
    [InlineData(Predict, "Content-Type: multipart/form-data; boundary=b\r\n")]
    [InlineData("/v2/models/text-generator/outputs/generate", "")]
    [InlineData("/v2/models/text-generator/outputs/stream", "")]
    [InlineData("/v2/models/text-generator/methods/predict", "")]
    [InlineData("/v2/ext/openai/v1/chat/completions", "")]
    [InlineData("/v2/ext/mcp/v1/models/tool-server", "")]
    public async Task ChunkSize_IsNone_IsBadRequestAndTheConnectionCloses(string path, string headers)
    {
        foreach (var size in new[] { "G", "-1", "80000000", "FFFFFFFFFFFFFFFFF" })
        {
            var answer = await RawHttp.ExchangeAsync(
                sandboxed.Address,
                $"POST {path} HTTP/1.1\r\nHost: gateway\r\nAuthorization: Key k\r\n{headers}Transfer-Encoding: chunked\r\n\r\n{size}\r\n{{}}\r\n0\r\n\r\n"
                + "GET /healthz/live HTTP/1.1\r\nHost: gateway\r\n\r\n");

            Assert.StartsWith("HTTP/1.1 400 ", answer, StringComparison.Ordinal);
            Assert.Contains("11100", answer, StringComparison.Ordinal);
            Assert.DoesNotContain("HTTP/1.1 200 ", answer, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task GrpcWeb_ChunkSizeIsNone_IsInvalidArgument()
    {
        var answer = await RawHttp.ExchangeAsync(
            sandboxed.Address,
            "POST /clarifai.api.V2/ListModels HTTP/1.1\r\nHost: gateway\r\nAuthorization: Key k\r\nContent-Type: application/grpc-web\r\n"
            + "Transfer-Encoding: chunked\r\n\r\n80000000\r\n");

        Assert.Contains("Grpc-Status: 3", answer, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Kestrel waits five seconds before it judges a body's rate.</summary>
    [Fact]
    public async Task Body_DoesNotCome_IsRequestTimeout()
    {
        var answer = await RawHttp.ExchangeAsync(
            sandboxed.Address, $"POST {Predict} HTTP/1.1\r\nHost: gateway\r\nAuthorization: Key k\r\nContent-Length: 1000\r\n\r\n{{");

        Assert.StartsWith("HTTP/1.1 408 ", answer, StringComparison.Ordinal);
        Assert.Contains("\"details\":\"The body came too slowly.\"", answer, StringComparison.Ordinal);
    }

    /// <summary>A gateway on the sandbox.</summary>
    public sealed class Sandboxed : IAsyncLifetime
    {
        private readonly GatewayHost _gateway = GatewayHost.Start();

        internal Uri Address => _gateway.Address;

        public Task InitializeAsync() => Task.CompletedTask;

        public async Task DisposeAsync() => await _gateway.DisposeAsync();
    }
}
