using System.Net;
using Gateway.Api.Tests.Support;
using Gateway.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Gateway.Api.Tests.Faces.Grpc;

/// <summary>
/// Metadata of one name that a client gives more than once. To the upstream a name goes in one line; PROTOCOL-HTTP2.md ("Custom-Metadata")
/// lets texts be joined by a comma there, but of binary values some servers (grpc-go) then read none.
/// </summary>
public sealed class RepeatedMetadataTests
{
    private const string Text = "x";
    private const string Bytes = "y-bin";

    public static TheoryData<string, bool> Ways
    {
        get
        {
            var ways = new TheoryData<string, bool>();
            foreach (var path in new[] { GrpcFront.Predict, GrpcFront.Generate, GrpcFront.Stream })
            {
                ways.Add(path, false);
                ways.Add(path, true);
            }

            return ways;
        }
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Text_GivenTwice_IsJoinedByACommaAlone(string path, bool web)
    {
        var call = await CallAsync(path, web, Text, "a", "b");

        Assert.Equal("a,b", call.Upstream);
    }

    [Theory]
    [InlineData("a, b")]
    [InlineData("a,b")]
    [InlineData("")]
    public async Task Text_GivenOnce_StaysAsItIs(string value)
    {
        var call = await CallAsync(GrpcFront.Predict, web: false, Text, value);

        Assert.Equal(value, call.Upstream);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Bytes_GivenTwice_AreRefused(string path, bool web)
    {
        var call = await CallAsync(path, web, Bytes, "AQ", "Ag");

        IsRefused(call);
    }

    [Fact]
    public async Task Bytes_OfTwoValuesInOneLine_AreRefused() => IsRefused(await CallAsync(GrpcFront.Predict, web: false, Bytes, "AQ,Ag"));

    [Fact]
    public async Task Bytes_GivenOnce_StayAsTheyAre()
    {
        var call = await CallAsync(GrpcFront.Predict, web: false, Bytes, "AQ");

        Assert.Equal("AQ", call.Upstream?.TrimEnd('=')); // padded or not, as it likes
    }

    [Fact]
    public async Task Bytes_GivenTwiceUnderANameThatEndsHere_AreNoFault()
    {
        var call = await CallAsync(GrpcFront.Predict, web: false, "grpc-tags-bin", "AQ", "Ag");

        Assert.Equal("", call.Upstream);
    }

    /// <summary>What HTTP lets through and gRPC does not: no upstream hears of it, and none is blamed for it.</summary>
    [Theory]
    [InlineData("x-user", "J\u00fcrgen", "x-user is not ASCII; bytes go as base64 under a name that ends in -bin.")]
    [InlineData("traceparent", "\u00fc", "traceparent is not ASCII; bytes go as base64 under a name that ends in -bin.")]
    [InlineData("x~a", "1", "x~a is not a name that metadata of gRPC can have.")]
    public async Task Metadata_ThatGrpcDoesNotHave_IsRefused(string name, string value, string message)
    {
        foreach (var web in new[] { false, true })
        {
            var call = await CallAsync(GrpcFront.Predict, web, name, value);

            Assert.Equal((null, "3", message), (call.Upstream, call.Status, call.Message));
        }
    }

    private static void IsRefused(SeenCall call)
    {
        Assert.Null(call.Upstream);
        Assert.Equal(
            ("3", "y-bin is given more than once; several binary values of one name cannot go on to the upstream."), (call.Status, call.Message));
    }

    // The client folds the lines of one collection of headers as our own does; a request has two of them.
    private static async Task<SeenCall> CallAsync(string path, bool web, string name, string first, string? second = null)
    {
        string? seen = null;
        await using var upstream = await TestServer.StartAsync(app => app.Run(http =>
        {
            seen = string.Join(" | ", http.Request.Headers[name].ToArray());
            return AnswerAsync(http);
        }));
        await using var gateway = GatewayHost.Start(upstream.Address);
        using var handler = new SocketsHttpHandler { RequestHeaderEncodingSelector = (_, _) => System.Text.Encoding.UTF8 };
        using var client = new HttpClient(handler);
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(web ? gateway.Address : gateway.GrpcAddress, path))
        {
            Content = new ByteArrayContent([0, 0, 0, 0, 0]),
            Version = web ? HttpVersion.Version11 : HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        request.Content.Headers.Add("content-type", web ? "application/grpc-web" : "application/grpc");
        request.Headers.Add("authorization", "Key client-key");
        request.Headers.TryAddWithoutValidation(name, first);
        if (second is not null)
        {
            request.Content.Headers.TryAddWithoutValidation(name, second);
        }

        using var response = await client.SendAsync(request);
        await response.Content.ReadAsByteArrayAsync();
        return new SeenCall(seen, Header(response, "grpc-status"), Header(response, "grpc-message"));
    }

    private static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? values.Single() : null;

    private static async Task AnswerAsync(HttpContext http)
    {
        await http.Request.Body.CopyToAsync(Stream.Null);
        http.Response.ContentType = "application/grpc";
        await http.Response.Body.WriteAsync(new byte[] { 0, 0, 0, 0, 0 });
        http.Response.AppendTrailer("grpc-status", "0");
    }

    /// <summary>The upstream's lines of the name, null when it was not called; and the client's status where no message came.</summary>
    private sealed record SeenCall(string? Upstream, string? Status, string? Message);
}
