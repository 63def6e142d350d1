using System.IO.Compression;
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
    public void OlderDocument_OfficialReader_FindsTheSameOperations()
    {
        var read = OpenApiDocument.Parse(served.Older, "json");

        Assert.Empty(read.Diagnostic!.Errors);
        Assert.Equal(OpenApiSpecVersion.OpenApi3_0, read.Diagnostic.SpecificationVersion);
        Assert.Equal(Operations(served.Json).Select(one => one.Id), Operations(JsonNode.Parse(served.Older)!).Select(one => one.Id));
    }

    [Fact]
    public async Task Groups_HaveEachOperationOnce_AndWhatItNeeds()
    {
        using var client = served.Gateway.CreateClient();
        var groups = served.Json["tags"]!.AsArray().Select(tag => (string)tag!["name"]!).ToList();

        var texts = await Task.WhenAll(groups.Select(group => client.GetStringAsync($"/openapi/{group}.json")));

        Assert.All(texts.Select(text => OpenApiDocument.Parse(text, "json")), read => Assert.Empty(read.Diagnostic!.Errors));
        Assert.All(texts, text => Assert.InRange(text.Length, 1, served.Text.Length / 2));
        var parts = texts.Select(text => JsonNode.Parse(text)!).ToList();
        Assert.Equal(
            Operations(served.Json).ToDictionary(one => one.Id, one => one.Operation.ToJsonString()),
            parts.SelectMany(Operations).ToDictionary(one => one.Id, one => one.Operation.ToJsonString()));
        Assert.Equal(groups, parts.Select(part => (string)part["tags"]!.AsArray().Single()!["name"]!));
        Assert.All(parts, part => Assert.Equal(served.Json["servers"]!.ToJsonString(), part["servers"]!.ToJsonString()));
        Assert.All(parts, part => Assert.Equal(served.Json["components"]!["securitySchemes"]!.ToJsonString(), part["components"]!["securitySchemes"]!.ToJsonString()));
        Assert.All(texts.Zip(parts), part => Assert.Equal(ReferencesIn(part.First), SchemasOf(part.Second)));
    }

    [Theory]
    [InlineData("/openapi/v2.json")]
    [InlineData("/openapi/v2-3.0.json")]
    [InlineData("/openapi/outputs.json")]
    public async Task Document_WhoeverAsks_IsTheSame(string path)
    {
        using var client = served.Gateway.CreateClient();
        using var first = await AskAsync(client, "first", path);

        using var second = await AskAsync(client, "second", path + "?another=1", ("Authorization", "Key of-a-tenant"), ("Host", "another.localhost"));
        using var unchanged = await AskAsync(client, "third", path, ("If-None-Match", first.Headers.ETag!.ToString()));

        Assert.Equal(await first.Content.ReadAsStringAsync(), await second.Content.ReadAsStringAsync());
        Assert.Equal(first.Headers.ETag, second.Headers.ETag);
        Assert.Equal((HttpStatusCode.NotModified, ""), (unchanged.StatusCode, await unchanged.Content.ReadAsStringAsync()));
        Assert.Equal(["first", "second", "third"], new[] { first, second, unchanged }.Select(answer => answer.Headers.GetValues("X-Request-ID").Single()));
    }

    [Theory]
    [InlineData("gzip, deflate, br", "br")]
    [InlineData("gzip", "gzip")]
    [InlineData("br;q=0.1, gzip", "gzip")]
    [InlineData("gzip;q=0, br;q=0", null)]
    [InlineData("deflate", null)]
    public async Task Document_Compressed_IsOneOfItsOwn(string accepted, string? coding)
    {
        using var client = served.Gateway.CreateClient();
        using var plain = await AskAsync(client, "plain");

        using var coded = await AskAsync(client, "coded", ("Accept-Encoding", accepted));

        Assert.Equal(coding, coded.Content.Headers.ContentEncoding.SingleOrDefault());
        Assert.Contains("Accept-Encoding", coded.Headers.Vary);
        Assert.Equal(coding is null, coded.Headers.ETag!.Equals(plain.Headers.ETag));
        Assert.Equal(served.Text, await ReadAsync(coded, coding));
        Assert.InRange(coded.Content.Headers.ContentLength!.Value, 1, coding is null ? long.MaxValue : served.Text.Length / 10);
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
        Assert.Equal(Variable().Matches(path).Select(match => match.Value.Trim('{', '}')), operation["parameters"]!.AsArray().Where(parameter => (string)parameter!["in"]! == "path").Select(parameter => (string)parameter!["name"]!));
    }

    [Fact]
    public void References_All_Resolve()
    {
        var references = ReferencesIn(served.Text);
        var schemas = SchemasOf(served.Json);

        Assert.NotEmpty(references);
        Assert.Empty(references.Except(schemas));
    }

    /// <summary>Also for file systems and languages that know no case; and a "_" begins another class of NSwag's.</summary>
    [Fact]
    public void OperationIds_All_AreUniqueNames()
    {
        var ids = Operations(served.Json).Select(one => one.Id).ToList();

        Assert.Equal(ids.Count, ids.Distinct(StringComparer.OrdinalIgnoreCase).Count());
        Assert.All(ids, id => Assert.Matches("^[A-Z][A-Za-z0-9]+$", id));
    }

    [Theory]
    [InlineData("post", "/v2/models/{model_id}/outputs", "PostModelOutputs")]
    [InlineData("post", "/v2/models/{model_id}/versions/{version_id}/outputs", "PostModelVersionOutputs")]
    [InlineData("post", "/v2/users/{user_id}/apps/{app_id}/models/{model_id}/outputs", "PostUserAppModelOutputs")]
    [InlineData("post", "/v2/users/{user_id}/apps/{app_id}/models/{model_id}/versions/{version_id}/outputs/generate", "GenerateUserAppModelVersionOutputs")]
    [InlineData("get", "/v2/users/{user_id}/apps/{app_id}/models/{model_id}", "GetUserAppModel")]
    [InlineData("get", "/v2/models", "ListModels")]
    [InlineData("post", "/v2/models/{model_id}/outputs/stream", "StreamModelOutputsAtModelId")]
    [InlineData("post", "/v2/users/{user_id}/apps/{app_id}/models/{model_id}/methods/{method}", "CallUserAppMethod")]
    public void OperationId_OfAPath_SaysWhatThePathHasMore(string verb, string path, string id) =>
        Assert.Equal(id, (string?)served.Json["paths"]![path]![verb]!["operationId"]);

    [Fact]
    public void Operations_All_AreDescribed()
    {
        foreach (var (id, operation) in Operations(served.Json))
        {
            Assert.False(string.IsNullOrWhiteSpace((string?)operation["summary"]) || string.IsNullOrWhiteSpace((string?)operation["description"]), id);
            var answers = operation["responses"]!.AsObject();
            Assert.True(answers.ContainsKey("default") && answers.ContainsKey("400"), id);
            Assert.All(Contents(answers["200"]!).Concat(Contents(operation["requestBody"])), content => Assert.True(content.Value!["schema"] is not null, $"{id}: {content.Key}"));
            var shown = new[] { answers["200"], operation["requestBody"] }.Where(part => part is not null);
            Assert.All(shown, part => Assert.True(Contents(part).Any(content => content.Value!["example"] is not null || content.Value["examples"] is not null), $"{id} has no example"));
        }
    }

    [Fact]
    public void Tags_All_AreDescribedAndUsed()
    {
        var tags = served.Json["tags"]!.AsArray().Select(tag => (string)tag!["name"]!).ToList();

        Assert.All(served.Json["tags"]!.AsArray(), tag => Assert.False(string.IsNullOrWhiteSpace((string?)tag!["description"])));
        Assert.Equal(Operations(served.Json).Select(one => (string)one.Operation["tags"]![0]!).Distinct().Order(), tags.Order());
        Assert.Equal("outputs", tags[0]);
    }

    /// <summary>From the document's own address, so that neither the host nor a prefix of a proxy's is in it; none ends in a slash.</summary>
    [Fact]
    public void Server_IsRelative() => Assert.Equal("""[{"url":".."}]""", served.Json["servers"]!.ToJsonString());

    [Fact]
    public void Security_IsAKeyOrTheSameAsABearer()
    {
        Assert.Equal("""[{"key":[]},{"bearer":[]}]""", served.Json["security"]!.ToJsonString());
        Assert.Equal("[]", served.Json["paths"]!["/v2/status_codes"]!["get"]!["security"]?.ToJsonString());
    }

    [Theory]
    [InlineData("/v2/models/{model_id}/outputs", "BaseResponse")]
    [InlineData("/v2/models/{model_id}/methods/{method}", "BaseResponse")]
    [InlineData("/v2/ext/openai/v1/chat/completions", "OpenAiError")]
    [InlineData("/v2/ext/mcp/v1/models/{model_id}", "McpErrorResponse")]
    [InlineData("/home-assistant/predict", "BaseResponse")]
    public void Failures_HaveTheShapeOfTheirFace(string path, string schema)
    {
        foreach (var status in new[] { "400", "401", "default" })
        {
            var response = (string)served.Json["paths"]![path]!["post"]!["responses"]![status]!["$ref"]!;
            var content = served.Json["components"]!["responses"]![response.Split('/')[^1]]!["content"]!["application/json"]!;

            Assert.Equal($"#/components/schemas/{schema}", (string?)content["schema"]!["$ref"]);
        }
    }

    [Fact]
    public void Outputs_TakeFormsAndPicturesToo() => Assert.Equal(
        ["application/json", "multipart/form-data", "image/*", "audio/*", "video/*", "application/octet-stream"],
        Contents(served.Json["paths"]!["/v2/models/{model_id}/outputs"]!["post"]!["requestBody"]).Select(content => content.Key));

    /// <summary>Examples are derived from descriptors: what they show is what the gateway reads.</summary>
    [Fact]
    public async Task Examples_OfRequests_AreReadAsTheyAre()
    {
        await using var upstream = await RecordingUpstream.StartAsync(_ => new MultiOutputResponse());
        await using var gateway = GatewayHost.Start(upstream.Address);
        using var client = gateway.CreateClientWithKey();
        foreach (var (path, item) in served.Json["paths"]!.AsObject().Where(path => !IsOwn(path.Key)))
        {
            foreach (var (verb, operation) in item!.AsObject())
            {
                foreach (var (_, example) in operation!["requestBody"]?["content"]?["application/json"]?["examples"]?.AsObject() ?? [])
                {
                    var name = ((string)example!["$ref"]!).Split('/')[^1];
                    using var request = new HttpRequestMessage(HttpMethod.Parse(verb), Variable().Replace(path, "1"));
                    request.Content = new StringContent(served.Json["components"]!["examples"]![name]!["value"]!.ToJsonString());

                    using var response = await client.SendAsync(request);

                    Assert.True(response.StatusCode != HttpStatusCode.BadRequest, $"{name}: {await response.Content.ReadAsStringAsync()}");
                }
            }
        }
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
        var status = served.Json["components"]!["schemas"]!["Status"]!["properties"]!.AsObject().Select(field => field.Key).ToList();

        Assert.Contains("req_id", status);
        Assert.DoesNotContain("stack_trace", status);
        Assert.DoesNotContain("internal_details", status);
        Assert.DoesNotContain("redirect_info", status);
    }

    [Fact]
    public void Generate_Answers_InEveryFormatOfStreams()
    {
        var content = served.Json["paths"]!["/v2/models/{model_id}/outputs/generate"]!["post"]!["responses"]!["200"]!["content"]!;

        Assert.Equal(["application/json", "text/event-stream", "application/x-ndjson"], content.AsObject().Select(media => media.Key));
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
        Assert.Contains("/openapi/v2-3.0.json", await client.GetStringAsync("/swagger/index.js"), StringComparison.Ordinal);
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

    private static HashSet<string> ReferencesIn(string document) => [.. Reference().Matches(document).Select(match => match.Groups[1].Value)];

    private static HashSet<string> SchemasOf(JsonNode document) => [.. document["components"]!["schemas"]!.AsObject().Select(schema => schema.Key)];

    private static string Shape(string path) => Variable().Replace(path, "{}");

    private static IEnumerable<(string Id, JsonNode Operation)> Operations(JsonNode document) => document["paths"]!.AsObject()
        .SelectMany(path => path.Value!.AsObject().Select(operation => ((string)operation.Value!["operationId"]!, operation.Value!)));

    private static JsonObject Contents(JsonNode? part) => part?["content"]?.AsObject() ?? [];

    private static async Task<string> ReadAsync(HttpResponseMessage answer, string? coding)
    {
        var content = await answer.Content.ReadAsStreamAsync();
        await using var stream = coding switch
        {
            "br" => new BrotliStream(content, CompressionMode.Decompress),
            "gzip" => new GZipStream(content, CompressionMode.Decompress),
            _ => content,
        };
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync();
    }

    private static async Task<HttpResponseMessage> AskAsync(
        HttpClient client, string id, params (string Name, string Value)[] headers) => await AskAsync(client, id, "/openapi/v2.json", headers);

    private static async Task<HttpResponseMessage> AskAsync(HttpClient client, string id, string path, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
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

        internal string Older { get; private set; } = "";

        internal JsonNode Json { get; private set; } = new JsonObject();

        public async Task InitializeAsync()
        {
            using var client = Gateway.CreateClient();
            Text = await client.GetStringAsync("/openapi/v2.json");
            Older = await client.GetStringAsync("/openapi/v2-3.0.json");
            Json = JsonNode.Parse(Text)!;
        }

        public async Task DisposeAsync() => await Gateway.DisposeAsync();
    }
}
