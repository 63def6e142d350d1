using System.Net;
using Clarifai.Api;
using Gateway.Api.Tests.Support;
using Task = System.Threading.Tasks.Task;

namespace Gateway.Api.Tests.Bindings;

/// <summary>What fields get from a URL: from its path, and from its query what the path leaves.</summary>
public sealed class UrlFieldTests(UrlFieldTests.Servers servers) : IClassFixture<UrlFieldTests.Servers>
{
    /// <summary>Every spelling of Go's ParseBool, which the API's own face reads a query with.</summary>
    public static TheoryData<string, bool> Booleans => new()
    {
        { "1", true }, { "t", true }, { "T", true }, { "TRUE", true }, { "true", true }, { "True", true },
        { "0", false }, { "f", false }, { "F", false }, { "FALSE", false }, { "false", false }, { "False", false },
    };

    [Theory]
    [InlineData("DELETE", "/v2/models/a?model_id=b")]
    [InlineData("DELETE", "/v2/models/a?modelId=b")]
    [InlineData("DELETE", "/v2/models/a?model%5Fid=b")]
    [InlineData("DELETE", "/v2/models/a?model_id=b&model_id=c&modelId=d")]
    [InlineData("DELETE", "/v2/models/a?model_id=")]
    [InlineData("GET", "/v2/models/a?model_id=b")]
    [InlineData("GET", "/v2/models/a?modelId=b")]
    public async Task PathAndQuery_NameTheSameField_PathWins(string method, string target)
    {
        var request = await servers.RequestAsync(method, target);

        Assert.Equal("a", method == "GET" ? GetModelRequest.Parser.ParseFrom(request).ModelId : DeleteModelRequest.Parser.ParseFrom(request).ModelId);
    }

    [Theory]
    [InlineData("user_app_id.user_id=v&user_app_id.app_id=b", "nested names")]
    [InlineData("userAppId.userId=v&userAppId.appId=b", "nested camelCase")]
    [InlineData("user_app_id.userId=v&userAppId.app_id=b&modelId=n", "a mixture")]
    [InlineData("user_app_id=%7B%22user_id%22%3A%22v%22%2C%22appId%22%3A%22b%22%7D", "the message as JSON")]
    [InlineData("userAppId=%7B%22user_id%22%3A%22v%22%7D&user_app_id=%7B%22app_id%22%3A%22b%22%7D", "the message as JSON, twice")]
    public async Task PathAndQuery_NameTheSameNestedField_PathWins(string query, string why)
    {
        foreach (var method in new[] { "GET", "DELETE" })
        {
            var request = await servers.RequestAsync(method, $"/v2/users/u/apps/a/models/m?{query}");

            var message = method == "GET" ? GetModelRequest.Parser.ParseFrom(request).ToString() : DeleteModelRequest.Parser.ParseFrom(request).ToString();
            Assert.True(message == """{ "userAppId": { "userId": "u", "appId": "a" }, "modelId": "m" }""", $"{why}: {message}");
        }
    }

    [Fact]
    public async Task Query_NamesWhatThePathLeaves_IsReadBesideIt()
    {
        var request = GetModelRequest.Parser.ParseFrom(await servers.RequestAsync("GET", "/v2/models/a?user_app_id.app_id=main&model_id=b&additional_fields=x"));

        Assert.Equal(new GetModelRequest { ModelId = "a", UserAppId = new UserAppIDSet { AppId = "main" }, AdditionalFields = { "x" } }, request);
    }

    [Theory]
    [MemberData(nameof(Booleans))]
    public async Task Query_BooleanInAnySpelling_IsRead(string text, bool value)
    {
        var request = await servers.RequestAsync("GET", $"/v2/models?trained_only={text}&page=3");

        Assert.Equal(new ListModelsRequest { TrainedOnly = value, Page = 3 }, ListModelsRequest.Parser.ParseFrom(request));
    }

    [Theory]
    [InlineData("yes")]
    [InlineData("tRUE")]
    [InlineData("on")]
    [InlineData("")]
    [InlineData("2")]
    [InlineData("01")]
    [InlineData("%20true")]
    public async Task Query_BooleanInNoSpelling_IsRefused(string text)
    {
        var answer = await Answer.OfAsync(servers.Client, "GET", $"/v2/models?trained_only={text}");

        Assert.Equal((HttpStatusCode.BadRequest, "trained_only: expected true or false"), (answer.HasTheApisShape().Http, answer.Details));
    }

    [Theory]
    [InlineData("user%5Fapp%5Fid.app%5Fid=main&per%5Fpage=2")]
    [InlineData("user_app_id%2Eapp_id=main&per%5fpage=2")]
    [InlineData("%75ser_app_id.app_id=main&%70er_page=2")]
    public async Task Query_NamePercentEncoded_IsTheField(string query)
    {
        var request = ListModelsRequest.Parser.ParseFrom(await servers.RequestAsync("GET", $"/v2/models?{query}"));

        Assert.Equal(new ListModelsRequest { UserAppId = new UserAppIDSet { AppId = "main" }, PerPage = 2 }, request);
    }

    [Theory]
    [InlineData("/v2/models/a+b", "a+b")]
    [InlineData("/v2/models/a%2Bb", "a+b")]
    [InlineData("/v2/models/a%20b", "a b")]
    [InlineData("/v2/models/a%2520b", "a%20b")]
    public async Task Path_WithAPlus_IsItself(string path, string id) =>
        Assert.Equal(id, GetModelRequest.Parser.ParseFrom(await servers.RequestAsync("GET", path)).ModelId);

    [Theory]
    [InlineData("search=a+b", "a b")]
    [InlineData("search=a%2Bb", "a+b")]
    [InlineData("search=a%20b", "a b")]
    public async Task Query_WithAPlus_IsABlank(string query, string search) =>
        Assert.Equal(search, ListModelsRequest.Parser.ParseFrom(await servers.RequestAsync("GET", $"/v2/models?{query}")).Search);

    [Fact]
    public async Task MethodsPath_WithAPlus_IsItself()
    {
        var request = GetModelVersionRequest.Parser.ParseFrom(await servers.RequestAsync("GET", "/v2/users/u+v/apps/a/models/m+n/versions/1+2/methods"));

        Assert.Equal((new UserAppIDSet { UserId = "u+v", AppId = "a" }, "m+n", "1+2"), (request.UserAppId, request.ModelId, request.VersionId));
    }

    /// <summary>A gateway, and an upstream that keeps what it was asked first since the last answer.</summary>
    public sealed class Servers : IAsyncLifetime
    {
        // .NET decodes what needs no encoding before it sends it.
        private static readonly UriCreationOptions AsItIs = new() { DangerousDisablePathAndQueryCanonicalization = true };

        private readonly List<byte[]> _requests = [];
        private RecordingUpstream? _upstream;
        private GatewayHost? _gateway;

        internal HttpClient Client { get; private set; } = new();

        public async Task InitializeAsync()
        {
            _upstream = await RecordingUpstream.StartAsync(call =>
            {
                lock (_requests)
                {
                    _requests.Add(call.Request);
                }

                return new SingleModelResponse();
            });
            _gateway = GatewayHost.Start(_upstream.Address);
            Client = _gateway.CreateClientWithKey();
        }

        public async Task DisposeAsync()
        {
            Client.Dispose();
            await _gateway!.DisposeAsync();
            await _upstream!.DisposeAsync();
        }

        /// <summary>Sends a request without a body, and answers the message that came of it.</summary>
        internal async Task<byte[]> RequestAsync(string method, string target)
        {
            _requests.Clear();
            var address = new Uri(Client.BaseAddress!.GetLeftPart(UriPartial.Authority) + target, AsItIs);
            using var request = new HttpRequestMessage(new HttpMethod(method), address);
            using var answer = await Client.SendAsync(request);
            var body = await answer.Content.ReadAsStringAsync();
            return _requests.Count > 0 ? _requests[0] : throw new InvalidOperationException($"{target} called nothing: {(int)answer.StatusCode} {body}");
        }
    }
}
