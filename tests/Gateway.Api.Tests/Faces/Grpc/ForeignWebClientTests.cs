using System.Text.Json;
using Gateway.Testing;
using Gateway.Testing.Grpc;

namespace Gateway.Api.Tests.Faces.Grpc;

/// <summary>
/// Google's client of gRPC-Web (<c>grpc-web</c>), and Buf's of gRPC-Web and gRPC (<c>@connectrpc/connect-node</c>), with an upstream behind the gateway.
/// </summary>
public sealed class ForeignWebClientTests
{
    public static TheoryData<string> Formats => ["binary", "text"];

    /// <summary>The protocols of Buf's client, and the versions of HTTP that it speaks them over.</summary>
    public static TheoryData<string, string> Protocols => new() { { "web", "1.1" }, { "web", "2" }, { "grpc", "2" } };

    [Theory]
    [MemberData(nameof(Formats))]
    public async Task Google_Unary_ComesBackWithItsMetadata(string format)
    {
        var outcome = await RunGoogleAsync("unary", format);

        Assert.Equal((int)GrpcStatusCode.OK, outcome.GetProperty("code").GetInt32());
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
        var outcome = await RunGoogleAsync("fail", format);

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
        var outcome = await RunGoogleAsync("serverStream", "text");

        Assert.Equal((int)GrpcStatusCode.OK, outcome.GetProperty("code").GetInt32());
        Assert.Equal(["message 0", "message 1", "message 2"], Messages(outcome));
    }

    [Theory]
    [MemberData(nameof(Protocols))]
    public async Task Buf_Unary_ComesBackWithItsMetadata(string protocol, string version)
    {
        var outcome = await RunBufAsync("unary", protocol, version);

        AssertWhole(outcome);
        Assert.Equal("one", outcome.GetProperty("header").GetString());
        Assert.Equal("one", outcome.GetProperty("trailer").GetString());
    }

    [Theory]
    [MemberData(nameof(Protocols))]
    public async Task Buf_Gzip_IsUnpackedOnTheWay(string protocol, string version)
    {
        var outcome = await RunBufAsync("gzip", protocol, version, call =>
        {
            call.CompressResponse = true;
            return TextUpstream.AnswerAsync(call);
        });

        AssertWhole(outcome);
        Assert.Equal(1, outcome.GetProperty("packed").GetInt32());
    }

    [Theory]
    [MemberData(nameof(Protocols))]
    public async Task Buf_ServerStream_ArrivesInOrder(string protocol, string version) =>
        Assert.Equal(["message 0", "message 1", "message 2"], Messages(await RunBufAsync("serverStream", protocol, version)));

    [Theory]
    [MemberData(nameof(Protocols))]
    public async Task Buf_Failure_HasItsMessageAndDetails(string protocol, string version)
    {
        var outcome = await RunBufAsync("fail", protocol, version);

        Assert.Equal((int)GrpcStatusCode.FailedPrecondition, outcome.GetProperty("code").GetInt32());
        Assert.Equal("kaputt: 日本", outcome.GetProperty("message").GetString());
        Assert.Equal("in detail: kaputt: 日本", outcome.GetProperty("details").GetString());
        Assert.Equal("one", outcome.GetProperty("trailer").GetString());
    }

    private static void AssertWhole(JsonElement outcome)
    {
        Assert.Equal(["hello ü "], Messages(outcome));
        Assert.Equal(8000, outcome.GetProperty("length").GetInt32());
    }

    private static string[] Messages(JsonElement outcome) => [.. outcome.GetProperty("messages").EnumerateArray().Select(item => item.GetString()!)];

    private static async Task<JsonElement> RunGoogleAsync(string name, string format)
    {
        await using var front = await GrpcFront.StartAsync(TextUpstream.AnswerAsync);
        return await RunAsync("grpc-web-client.js", front.Gateway.Address, name, format, GrpcFront.Key);
    }

    private static async Task<JsonElement> RunBufAsync(string name, string protocol, string version, GrpcServerHandler? upstream = null)
    {
        await using var front = await GrpcFront.StartAsync(upstream ?? TextUpstream.AnswerAsync);
        var address = version == "2" ? front.Gateway.GrpcAddress : front.Gateway.Address;
        return await RunAsync("connect-client.js", address, name, protocol, version, GrpcFront.Key);
    }

    private static async Task<JsonElement> RunAsync(string program, Uri address, params string[] arguments)
    {
        await using var client = await NodeProgram.StartAsync(program, [address.GetLeftPart(UriPartial.Authority), .. arguments]);
        return JsonSerializer.Deserialize<JsonElement>(await client.ReadLineAsync());
    }
}
