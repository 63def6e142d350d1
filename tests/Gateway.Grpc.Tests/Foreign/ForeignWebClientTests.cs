using System.Text.Json;
using Gateway.Testing;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Gateway.Grpc.Tests.Foreign;

/// <summary>The gRPC-Web clients of Google (<c>grpc-web</c>) and of Buf (<c>@connectrpc/connect-node</c>) against our server.</summary>
public sealed class ForeignWebClientTests
{
    public static TheoryData<string> Formats => ["binary", "text"];

    public static TheoryData<string> HttpVersions => ["1.1", "2"];

    [Theory]
    [MemberData(nameof(Formats))]
    public async Task Google_Unary_ComesBackWithItsMetadata(string format)
    {
        JsonElement outcome = await RunGoogleAsync("unary", format);

        Assert.Equal(0, outcome.GetProperty("code").GetInt32());
        Assert.Equal(["hello ü"], Messages(outcome));
        Assert.Equal("one", outcome.GetProperty("headers").GetProperty("x-echo").GetString());
        Assert.Equal("one", outcome.GetProperty("trailers").GetProperty("x-echo").GetString());
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public async Task Google_LargeMessage_ComesBackUnchanged(string format) =>
        Assert.True((await RunGoogleAsync("big", format)).GetProperty("equal").GetBoolean());

    [Theory]
    [MemberData(nameof(Formats))]
    public async Task Google_Failure_HasItsMessage(string format)
    {
        JsonElement outcome = await RunGoogleAsync("fail", format);

        Assert.Equal((int)GrpcStatusCode.FailedPrecondition, outcome.GetProperty("code").GetInt32());
        Assert.Equal("kaputt: 日本 😀 100%", outcome.GetProperty("details").GetString());
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public async Task Google_UnknownMethod_IsUnimplemented(string format) =>
        Assert.Equal((int)GrpcStatusCode.Unimplemented, (await RunGoogleAsync("unimplemented", format)).GetProperty("code").GetInt32());

    [Fact] // its binary format knows no streams
    public async Task Google_ServerStream_ArrivesInOrder()
    {
        JsonElement outcome = await RunGoogleAsync("serverStream", "text");

        Assert.Equal(0, outcome.GetProperty("code").GetInt32());
        Assert.Equal(["message 0", "message 1", "message 2"], Messages(outcome));
    }

    [Theory]
    [MemberData(nameof(HttpVersions))]
    public async Task Buf_Unary_ComesBackWithItsTrailers(string version)
    {
        JsonElement outcome = await RunBufAsync("unary", version);

        Assert.Equal(["hello ü "], Messages(outcome));
        Assert.Equal("one", outcome.GetProperty("trailer").GetString());
    }

    [Theory]
    [MemberData(nameof(HttpVersions))]
    public async Task Buf_Gzip_WorksBothWays(string version)
    {
        JsonElement outcome = await RunBufAsync("gzip", version);

        Assert.Equal(["hello ü "], Messages(outcome));
        Assert.Equal("gzip", outcome.GetProperty("encoding").GetString());
    }

    [Theory]
    [MemberData(nameof(HttpVersions))]
    public async Task Buf_ServerStream_ArrivesInOrder(string version) =>
        Assert.Equal(["again", "again", "again"], Messages(await RunBufAsync("repeat", version)));

    [Theory]
    [MemberData(nameof(HttpVersions))]
    public async Task Buf_Failure_HasItsMessageAndDetails(string version)
    {
        JsonElement outcome = await RunBufAsync("fail", version);

        Assert.Equal((int)GrpcStatusCode.FailedPrecondition, outcome.GetProperty("code").GetInt32());
        Assert.EndsWith("kaputt: 日本", outcome.GetProperty("details").GetString(), StringComparison.Ordinal);
    }

    private static string[] Messages(JsonElement outcome) => [.. outcome.GetProperty("messages").EnumerateArray().Select(item => item.GetString()!)];

    private static Task<JsonElement> RunGoogleAsync(string name, string format) => RunAsync(HttpProtocols.Http1, "grpc-web-client.js", name, format);

    private static Task<JsonElement> RunBufAsync(string name, string version) =>
        RunAsync(version == "2" ? HttpProtocols.Http2 : HttpProtocols.Http1, "connect-client.js", name, "web", version);

    private static async Task<JsonElement> RunAsync(HttpProtocols protocols, string program, params string[] arguments)
    {
        await using TestServer server = await TestServer.StartAsync(new ForeignService().Map, protocols);
        await using NodeProgram client = await NodeProgram.StartAsync(program, [server.Address.GetLeftPart(UriPartial.Authority), .. arguments]);
        return JsonDocument.Parse(await client.ReadLineAsync()).RootElement;
    }
}
