using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Clarifai.Api;
using Gateway.Api.Tests.Support;
using Google.Api;
using Microsoft.OpenApi;
using Task = System.Threading.Tasks.Task;

namespace Gateway.Api.Tests.OpenApi;

/// <summary>The document as the official reader sees it, compared with the descriptors.</summary>
public sealed partial class OpenApiDocumentTests(OpenApiDocumentTests.Served served) : IClassFixture<OpenApiDocumentTests.Served>
{
    [Fact]
    public void Document_OfficialReader_FindsNothingWrong()
    {
        var read = OpenApiDocument.Parse(served.Text, "json");

        Assert.Empty(read.Diagnostic!.Errors);
        Assert.Empty(read.Diagnostic.Warnings);
    }

    [Fact]
    public async Task Document_WhateverTheQueryAndTheHost_IsMadeOnce()
    {
        await using var gateway = GatewayHost.Start();
        using var client = gateway.CreateClient();
        using var first = await client.GetAsync("/openapi/v2.json");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/openapi/v2.json?another=1") { Headers = { Host = "another.localhost" } };

        using var second = await client.SendAsync(request);

        Assert.Null(first.Headers.Age);
        Assert.NotNull(second.Headers.Age); // it comes from the cache (RFC 9111, 5.1)
    }

    [Fact]
    public async Task Document_WhoeverAsks_IsMadeOnceAndAnsweredUnderTheirOwnId()
    {
        await using var gateway = GatewayHost.Start();
        using var client = gateway.CreateClient();
        using var first = await AskAsync(client, "first");

        using var second = await AskAsync(client, "second");
        using var withKey = await AskAsync(client, "third", ("Authorization", "Key of-a-tenant"));
        using var unchanged = await AskAsync(client, "fourth", ("If-Modified-Since", first.Headers.Date!.Value.ToString("R")));

        HttpResponseMessage[] cached = [second, withKey];
        Assert.All(cached, answer => Assert.NotNull(answer.Headers.Age));
        Assert.Equal(HttpStatusCode.NotModified, unchanged.StatusCode);
        Assert.Equal(["first", "second", "third", "fourth"], new[] { first, second, withKey, unchanged }.Select(answer => answer.Headers.GetValues("X-Request-ID").Single()));
        Assert.Equal(await first.Content.ReadAsStringAsync(), await withKey.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Document_AskedForByAPage_IsNotTheFirstPages()
    {
        await using var gateway = GatewayHost.Start(null, ("Gateway:Cors:Origins:0", "http://one.test"), ("Gateway:Cors:Origins:1", "http://two.test"));
        using var client = gateway.CreateClient();
        using var first = await AskAsync(client, "first", ("Origin", "http://one.test"));

        using var second = await AskAsync(client, "second", ("Origin", "http://two.test"));
        using var third = await AskAsync(client, "third");

        Assert.Equal(["http://two.test"], second.Headers.GetValues("Access-Control-Allow-Origin"));
        Assert.False(third.Headers.Contains("Access-Control-Allow-Origin"));
    }

    [Fact]
    public void Paths_EveryBinding_IsThere()
    {
        var described = served.Json["paths"]!.AsObject()
            .SelectMany(path => path.Value!.AsObject().Select(operation => (operation.Key.ToUpperInvariant(), Shape(path.Key))))
            .Where(operation => !IsOwn(operation.Item2))
            .ToHashSet();
        var bound = ServiceReflection.Descriptor.Services[0].Methods
            .Select(rpc => rpc.GetOptions().GetExtension(AnnotationsExtensions.Http))
            .SelectMany(rule => rule.AdditionalBindings.Prepend(rule))
            .Select(rule => (rule.PatternCase.ToString().ToUpperInvariant(), Shape(rule.Get + rule.Put + rule.Post + rule.Delete + rule.Patch)))
            .Append(("POST", "/v2/models/{}/outputs/generate"))
            .Append(("POST", "/v2/models/{}/versions/{}/outputs/generate"))
            .Append(("POST", "/v2/models/{}/outputs/stream"))
            .Append(("POST", "/v2/models/{}/versions/{}/outputs/stream"))
            .Append(("POST", "/v2/users/{}/apps/{}/models/{}/outputs/stream"))
            .Append(("POST", "/v2/users/{}/apps/{}/models/{}/versions/{}/outputs/stream"))
            .ToHashSet();

        Assert.Equal(bound.Order(), described.Order());
    }

    [Theory]
    [InlineData("get", "/v2/models/{model_id}/methods")]
    [InlineData("post", "/v2/users/{user_id}/apps/{app_id}/models/{model_id}/versions/{version_id}/methods/{method}")]
    [InlineData("get", "/v2/models/{model_id}/versions/{version_id}/methods/{method}/snippet")]
    public void Paths_OfTheGatewaysOwn_AreThere(string verb, string path)
    {
        var operation = served.Json["paths"]![path]![verb]!;

        Assert.Equal("methods", (string)operation["tags"]![0]!);
        Assert.Equal(Variable().Matches(path).Select(match => match.Value.Trim('{', '}')), operation["parameters"]!.AsArray().Select(parameter => (string)parameter!["name"]!));
    }

    [Fact]
    public void References_All_Resolve()
    {
        var references = Reference().Matches(served.Text).Select(match => match.Groups[1].Value).ToHashSet();
        var schemas = served.Json["components"]!["schemas"]!.AsObject().Select(schema => schema.Key).ToHashSet();

        Assert.NotEmpty(references);
        Assert.Empty(references.Except(schemas));
    }

    [Fact]
    public void OperationIds_All_AreUnique()
    {
        var ids = served.Json["paths"]!.AsObject()
            .SelectMany(path => path.Value!.AsObject().Select(operation => (string)operation.Value!["operationId"]!)).ToList();

        Assert.Equal(ids.Count, ids.Distinct().Count());
    }

    [Fact]
    public void PathParameters_All_AreInTheirPath()
    {
        foreach (var (path, item) in served.Json["paths"]!.AsObject())
        {
            foreach (var (_, operation) in item!.AsObject())
            {
                var declared = (operation!["parameters"]?.AsArray() ?? [])
                    .Where(parameter => (string)parameter!["in"]! == "path").Select(parameter => $"{{{(string)parameter!["name"]!}}}");

                Assert.Equal(Variable().Matches(path).Select(match => match.Value), declared);
            }
        }
    }

    [Fact]
    public void Concept_Schema_SpeaksTheDialect()
    {
        var concept = served.Json["components"]!["schemas"]!["Concept"]!["properties"]!;

        Assert.Equal("""{"type":"number","description":"Always present in responses.","format":"float","default":1}""", concept["value"]!.ToJsonString());
        Assert.Equal("""{"type":"string","format":"date-time"}""", concept["created_at"]!.ToJsonString());
        Assert.Equal("""{"type":"object"}""", concept["metadata"]!.ToJsonString());
    }

    [Fact]
    public void Status_Schema_HasNoPrivateFields()
    {
        var status = served.Json["components"]!["schemas"]!["status.Status"]!["properties"]!.AsObject().Select(field => field.Key).ToList();

        Assert.Contains("req_id", status);
        Assert.DoesNotContain("stack_trace", status);
        Assert.DoesNotContain("internal_details", status);
        Assert.DoesNotContain("redirect_info", status);
    }

    [Fact]
    public void Generate_Answers_InEveryFormatOfStreams()
    {
        var content = served.Json["paths"]!["/v2/models/{model_id}/outputs/generate"]!["post"]!["responses"]!["200"]!["content"]!;

        Assert.Equal(["text/event-stream", "application/x-ndjson", "application/json"], content.AsObject().Select(media => media.Key));
        Assert.Equal("array", (string?)content["application/json"]!["schema"]!["type"]);
    }

    [Fact]
    public void Stream_TakesAndGives_LinesOfMessages()
    {
        var operation = served.Json["paths"]!["/v2/models/{model_id}/outputs/stream"]!["post"]!;

        Assert.Equal(["application/x-ndjson"], operation["requestBody"]!["content"]!.AsObject().Select(media => media.Key));
        Assert.Contains("application/x-ndjson", operation["responses"]!["200"]!["content"]!.AsObject().Select(media => media.Key));
        Assert.Contains("WebSocket", (string?)operation["description"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task SwaggerPage_PointsAtTheDocument()
    {
        using var client = served.Gateway.CreateClient();

        Assert.Contains("swagger-ui", await client.GetStringAsync("/swagger/index.html"), StringComparison.Ordinal);
        Assert.Contains("/openapi/v2.json", await client.GetStringAsync("/swagger/index.js"), StringComparison.Ordinal);
    }

    /// <summary>Keys are typed into the page: nobody else's script runs there, and nobody frames it.</summary>
    [Theory]
    [InlineData("/swagger")]
    [InlineData("/swagger/index.html")]
    [InlineData("/swagger/index.js")]
    public async Task SwaggerPage_IsOnItsOwn(string path)
    {
        using var client = served.Gateway.CreateClient();

        using var page = await client.GetAsync(path);

        var policy = page.Headers.GetValues("Content-Security-Policy").Single();
        Assert.Contains("script-src 'self';", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.Equal(["DENY"], page.Headers.GetValues("X-Frame-Options"));
    }

    [Fact]
    public async Task SwaggerPage_HasNoScriptOfItsOwn_ThatItsPolicyWouldStop()
    {
        using var client = served.Gateway.CreateClient();

        var html = await client.GetStringAsync("/swagger/index.html");

        Assert.DoesNotMatch("<script(?![^>]* src=)|<style|\\son[a-z]+=|javascript:", html);
    }

    // No descriptor knows these.
    private static bool IsOwn(string path) => path.Contains("/methods", StringComparison.Ordinal) || path.StartsWith("/v2/ext/", StringComparison.Ordinal) || !path.StartsWith("/v2/", StringComparison.Ordinal);

    private static string Shape(string path) => Variable().Replace(path, "{}");

    private static async Task<HttpResponseMessage> AskAsync(HttpClient client, string id, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/openapi/v2.json");
        request.Headers.Add("X-Request-ID", id);
        foreach (var (name, value) in headers)
        {
            request.Headers.Add(name, value);
        }

        return await client.SendAsync(request);
    }

    [GeneratedRegex(@"\{[^}]*\}")]
    private static partial Regex Variable();

    [GeneratedRegex("\"#/components/schemas/([^\"]*)\"")]
    private static partial Regex Reference();

    /// <summary>A gateway, and the document it serves.</summary>
    public sealed class Served : IAsyncLifetime
    {
        internal GatewayHost Gateway { get; } = GatewayHost.Start();

        internal string Text { get; private set; } = "";

        internal JsonNode Json { get; private set; } = new JsonObject();

        public async Task InitializeAsync()
        {
            using var client = Gateway.CreateClient();
            Text = await client.GetStringAsync("/openapi/v2.json");
            Json = JsonNode.Parse(Text)!;
        }

        public async Task DisposeAsync() => await Gateway.DisposeAsync();
    }
}
