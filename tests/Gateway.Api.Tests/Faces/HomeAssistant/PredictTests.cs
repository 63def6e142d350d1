using System.Net;
using System.Text.Json.Nodes;
using Clarifai.Api;
using Clarifai.Api.Status;
using Gateway.Api.Tests.Support;
using Gateway.Testing;
using Status = Clarifai.Api.Status.Status;
using Task = System.Threading.Tasks.Task;

namespace Gateway.Api.Tests.Faces.HomeAssistant;

/// <summary>What <c>POST /home-assistant/predict</c> does and answers, over real HTTP on all sides.</summary>
public sealed class PredictTests
{
    [Fact]
    public async Task Prediction_AnswersAsTheApisOwnRouteDoes()
    {
        await using var home = await FakeHomeAssistant.StartAsync();
        await using var gateway = Home.Start(home);
        using var client = gateway.CreateClientWithKey("home-key");
        var image = Convert.ToBase64String(FakeHomeAssistant.Picture);

        var answer = await Home.AskAsync(gateway);
        var mirror = await Answer.OfAsync(
            client, "POST", "/v2/users/us/apps/main/workflows/detect-crop-classify/results", $$$$"""{"inputs":[{"data":{"image":{"base64":"{{{{image}}}}"}}}]}""");

        Assert.Equal((HttpStatusCode.OK, (int)StatusCode.Success), (answer.Http, answer.Code));
        Assert.Equal("fired", answer.Response.Headers.GetValues(Home.EventHeader).Single());
        Assert.NotEmpty(answer.Body["results"]![0]!["outputs"]!.AsArray());
        Assert.Equal(Comparable(mirror.Body), Comparable(answer.Body));
        Assert.Equal(["GET /api/camera_proxy/camera.front_door", "POST /api/events/clarifai.prediction"], home.Requests);
    }

    [Fact]
    public async Task Event_HoldsWhatWasFound_AndNoPictures()
    {
        await using var home = await FakeHomeAssistant.StartAsync();
        await using var gateway = Home.Start(home);

        var answer = await Home.AskAsync(gateway);

        var fired = Assert.Single(home.Events);
        Assert.Equal(("clarifai.prediction", "application/json"), ((string)fired["event_type"]!, (string)fired["content_type"]!));
        var data = fired["data"]!.AsObject();
        Assert.Equal(["entity_id", "app_id", "workflow_id", "concepts", "regions", "outputs"], data.Select(member => member.Key));
        Assert.Equal(("camera.front_door", "main", "detect-crop-classify"), ((string)data["entity_id"]!, (string)data["app_id"]!, (string)data["workflow_id"]!));

        // As they are, but for the pictures.
        var outputs = answer.Body["results"]![0]!["outputs"]!.DeepClone();
        Assert.Contains("\"base64\"", outputs.ToJsonString(), StringComparison.Ordinal);
        RemovePictures(outputs);
        Assert.Equal(outputs.ToJsonString(), data["outputs"]!.ToJsonString());

        // Flat: every value of a concept under its name, every box.
        var concepts = Deep(outputs).Where(node => node.ContainsKey("name") && node.ContainsKey("value")).ToLookup(node => (string)node["name"]!, node => (float)node["value"]!);
        Assert.NotEmpty(concepts);
        Assert.Equal(
            concepts.ToDictionary(concept => concept.Key, concept => concept.ToList()),
            data["concepts"]!.AsObject().ToDictionary(concept => concept.Key, concept => concept.Value!.AsArray().Select(value => (float)value!).ToList()));
        var boxes = Deep(outputs).Where(node => node.ContainsKey("region_info")).Select(node => node["region_info"]!.ToJsonString()).ToList();
        Assert.NotEmpty(boxes);
        Assert.Equal(boxes, data["regions"]!.AsArray().Select(region => region!.ToJsonString()));
    }

    [Fact]
    public async Task Workflow_RunsOnTheTenantsToken_WithTheSnapshot()
    {
        await using var home = await FakeHomeAssistant.StartAsync();
        var calls = new List<RecordedCall>();
        await using var upstream = await RecordingUpstream.StartAsync(call =>
        {
            lock (calls)
            {
                calls.Add(call);
            }

            return new PostWorkflowResultsResponse { Status = new Status { Code = StatusCode.Success } };
        });
        await using var gateway = GatewayHost.Start(upstream.Address, Home.Settings(home.Address, ("Gateway:Tenants:home:AppId", "ours")));

        foreach (var body in new[]
        {
            """{"workflow_id":"w","entity_id":"camera.front_door"}""",
            """{"workflow_id":"w","entity_id":"camera.front_door","app_id":"a","result_format":"flat"}""",
            """{"workflow_id":"w","entity_id":"camera.front_door","app_id":"a","user_id":"u"}""",
        })
        {
            Assert.Equal(HttpStatusCode.OK, (await Home.AskAsync(gateway, body)).Http);
        }

        var requests = calls.ConvertAll(call => PostWorkflowResultsRequest.Parser.ParseFrom(call.Request));
        Assert.Equal([("us", "ours"), ("us", "a"), ("u", "a")], requests.Select(request => (request.UserAppId.UserId, request.UserAppId.AppId)));
        Assert.All(requests, request => Assert.Equal("w", request.WorkflowId));
        Assert.All(requests, request => Assert.Equal(FakeHomeAssistant.Picture, Assert.Single(request.Inputs).Data.Image.Base64.ToByteArray()));
        Assert.All(calls, call => Assert.Equal("Key canary-pat", call.Headers.Single(entry => entry.Key == "authorization").Value));
        Assert.Equal(["ours", "a", "a"], home.Events.Select(fired => (string)fired["data"]!["app_id"]!));
    }

    [Fact]
    [ProvesSetting("Gateway:HomeAssistant:Url")]
    [ProvesSetting("Gateway:HomeAssistant:Token")]
    public async Task Url_WithAPath_IsKept()
    {
        await using var home = await FakeHomeAssistant.StartAsync("/core");
        await using var gateway = Home.Start(home, ("Gateway:HomeAssistant:Url", new Uri(home.Address, "core").ToString()));

        Assert.Equal(HttpStatusCode.OK, (await Home.AskAsync(gateway)).Http);
        Assert.Equal(["GET /core/api/camera_proxy/camera.front_door", "POST /core/api/events/clarifai.prediction"], home.Requests);
    }

    [Fact]
    public async Task NoHomeAssistant_NamesTheSettings()
    {
        await using var gateway = GatewayHost.Start();

        var answer = (await Home.AskAsync(gateway)).HasTheApisShape();

        Assert.Equal((HttpStatusCode.NotImplemented, (int)StatusCode.NotImplemented), (answer.Http, answer.Code));
        Assert.Contains("Gateway:HomeAssistant:Url", answer.Details, StringComparison.Ordinal);
    }

    [Fact]
    [ProvesSetting("Gateway:HomeAssistant:Tenant")]
    public async Task OtherTenants_SeeNothing()
    {
        await using var home = await FakeHomeAssistant.StartAsync();
        await using var gateway = Home.Start(home);

        var other = (await Home.AskAsync(gateway, key: "other-key")).HasTheApisShape();
        var nobody = (await Home.AskAsync(gateway, key: "no-key")).HasTheApisShape();

        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.Unauthorized), (other.Http, nobody.Http));
        Assert.Contains("Gateway:HomeAssistant:Tenant", other.Details, StringComparison.Ordinal);
        Assert.Empty(home.Requests);
    }

    [Fact]
    public async Task TenantWithoutAKey_IsTheOwner_UnlessOneIsNamed()
    {
        await using var home = await FakeHomeAssistant.StartAsync();
        await using var gateway = Home.Start(home, ("Gateway:HomeAssistant:Tenant", null), ("Gateway:Tenants:home:KeySha256", null), ("Gateway:Tenants:home:Keyless", "true"));
        using var client = new HttpClient { BaseAddress = gateway.Address };

        Assert.Equal(HttpStatusCode.OK, (await Answer.OfAsync(client, "POST", Home.Predict, Home.Body)).Http);
        Assert.Equal(HttpStatusCode.Forbidden, (await Home.AskAsync(gateway, key: "other-key")).Http);

        // A page of elsewhere has no key, either.
        client.DefaultRequestHeaders.Add("Sec-Fetch-Site", "cross-site");
        Assert.Equal(HttpStatusCode.Forbidden, (await Answer.OfAsync(client, "POST", Home.Predict, Home.Body)).Http);
    }

    [Fact]
    public async Task PassThrough_ServesEveryKey_WhenSaidSo()
    {
        await using var home = await FakeHomeAssistant.StartAsync();
        await using var gateway = GatewayHost.Start(
            null,
            ("Gateway:HomeAssistant:Url", home.Address.ToString()), ("Gateway:HomeAssistant:Token", FakeHomeAssistant.Token), ("Gateway:HomeAssistant:Tenant", "pass-through"));

        Assert.Equal(HttpStatusCode.OK, (await Home.AskAsync(gateway, key: "anything")).Http);
    }

    [Fact]
    public async Task TenantLimitedToOtherWorkflows_IsRefused_BeforeTheCameraIsAsked()
    {
        await using var home = await FakeHomeAssistant.StartAsync();
        await using var gateway = Home.Start(home, ("Gateway:Tenants:home:Workflows:0", "us/main/allowed"));

        var answer = (await Home.AskAsync(gateway)).HasTheApisShape();

        Assert.Equal(HttpStatusCode.Forbidden, answer.Http);
        Assert.Empty(home.Requests);
    }

    [Theory]
    [InlineData("""{"workflow_id":"w"}""", "entity_id: not the entity id of a camera, as in camera.front_door")]
    [InlineData("""{"workflow_id":"w","entity_id":7}""", "entity_id: not the entity id")]
    [InlineData("""{"workflow_id":"w","entity_id":"light.kitchen"}""", "entity_id: not the entity id")]
    [InlineData("""{"workflow_id":"w","entity_id":"camera."}""", "entity_id: not the entity id")]
    [InlineData("""{"workflow_id":"w","entity_id":"camera.x/../../config"}""", "entity_id: not the entity id")]
    [InlineData("""{"workflow_id":"w","entity_id":"camera.x?token=y"}""", "entity_id: not the entity id")]
    [InlineData("""{"workflow_id":"w","entity_id":"camera.%2e%2e"}""", "entity_id: not the entity id")]
    [InlineData("""{"workflow_id":"w","entity_id":"camera.x\n"}""", "entity_id: not the entity id")]
    [InlineData("""{"workflow_id":"w","entity_id":"//evil.example/camera.x"}""", "entity_id: not the entity id")]
    [InlineData("""{"entity_id":"camera.front_door"}""", "workflow_id: missing")]
    [InlineData("""{"entity_id":"camera.front_door","workflow_id":" "}""", "workflow_id: missing")]
    [InlineData("""{"workflow_id":"w","entity_id":"camera.front_door","user_id":"u"}""", "app_id: missing")]
    [InlineData("[]", "The body is an object.")]
    [InlineData("{", "")]
    [InlineData("", "entity_id: not the entity id")]
    public async Task Body_ThatSaysTooLittle_OrTooMuch_IsRefused(string body, string details)
    {
        await using var home = await FakeHomeAssistant.StartAsync();
        await using var gateway = Home.Start(home);

        var answer = (await Home.AskAsync(gateway, body)).HasTheApisShape();

        Assert.Equal((HttpStatusCode.BadRequest, (int)StatusCode.ConnBadRequestFormat), (answer.Http, answer.Code));
        Assert.StartsWith(details, answer.Details, StringComparison.Ordinal);
        Assert.Empty(home.Requests);
    }

    [Fact]
    public async Task Body_TooLarge_IsRefused()
    {
        await using var home = await FakeHomeAssistant.StartAsync();
        await using var gateway = Home.Start(home);

        var answer = (await Home.AskAsync(gateway, $$"""{"workflow_id":"{{new string('w', 70_000)}}"}""")).HasTheApisShape();

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.Http);
    }

    [Fact]
    public async Task Token_ThatHomeAssistantDoesNotKnow_IsNamed()
    {
        await using var home = await FakeHomeAssistant.StartAsync();
        home.KnownToken = "another";
        await using var gateway = Home.Start(home);

        var answer = (await Home.AskAsync(gateway)).HasTheApisShape();

        Assert.Equal((HttpStatusCode.BadGateway, (int)StatusCode.ExternalConnectionError), (answer.Http, answer.Code));
        Assert.Equal("Home Assistant refused Gateway:HomeAssistant:Token.", answer.Details);
        Assert.Single(home.Requests);
    }

    [Fact]
    public async Task Camera_ThatIsGone_Is404()
    {
        await using var home = await FakeHomeAssistant.StartAsync();
        await using var gateway = Home.Start(home);

        var answer = (await Home.AskAsync(gateway, """{"workflow_id":"w","entity_id":"camera.garage"}""")).HasTheApisShape();

        Assert.Equal((HttpStatusCode.NotFound, (int)StatusCode.ConnDoesNotExist), (answer.Http, answer.Code));
        Assert.Equal("Home Assistant has no camera.garage.", answer.Details);
    }

    [Theory]
    [InlineData(500)]
    [InlineData(503)]
    public async Task Camera_WithoutAPicture_SaysWhatHomeAssistantSaid(int status)
    {
        await using var home = await FakeHomeAssistant.StartAsync();
        home.Camera = http =>
        {
            http.Response.StatusCode = status;
            return Task.CompletedTask;
        };
        await using var gateway = Home.Start(home);

        var answer = (await Home.AskAsync(gateway)).HasTheApisShape();

        Assert.Equal(HttpStatusCode.BadGateway, answer.Http);
        Assert.Equal($"Home Assistant has no picture of camera.front_door: it answered {status}.", answer.Details);
    }

    [Fact]
    public async Task Redirect_IsNotFollowed()
    {
        await using var elsewhere = await FakeHomeAssistant.StartAsync();
        await using var home = await FakeHomeAssistant.StartAsync();
        home.Camera = http =>
        {
            http.Response.Redirect(new Uri(elsewhere.Address, "api/camera_proxy/camera.front_door").ToString());
            return Task.CompletedTask;
        };
        await using var gateway = Home.Start(home);

        Assert.Equal(HttpStatusCode.BadGateway, (await Home.AskAsync(gateway)).Http);
        Assert.Empty(elsewhere.Requests);
    }

    [Fact]
    public async Task Camera_ThatGivesAPage_IsNotAnImage()
    {
        await using var home = await FakeHomeAssistant.StartAsync();
        home.Camera = http => FakeHomeAssistant.AnswerAsync(http, "text/html", "<html>log in</html>"u8.ToArray());
        await using var gateway = Home.Start(home);

        var answer = (await Home.AskAsync(gateway)).HasTheApisShape();

        Assert.Equal(HttpStatusCode.BadGateway, answer.Http);
        Assert.Equal("What Home Assistant gave for camera.front_door is not an image.", answer.Details);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [ProvesSetting("Gateway:HomeAssistant:MaxSnapshotBytes")]
    public async Task Snapshot_OverTheLimit_IsRefused(bool announced)
    {
        await using var home = await FakeHomeAssistant.StartAsync();
        home.Camera = http =>
        {
            http.Response.ContentLength = announced ? FakeHomeAssistant.Picture.Length : null;
            return FakeHomeAssistant.AnswerAsync(http, "image/png", FakeHomeAssistant.Picture);
        };
        await using var gateway = Home.Start(home, ("Gateway:HomeAssistant:MaxSnapshotBytes", $"{FakeHomeAssistant.Picture.Length - 1}"));

        var answer = (await Home.AskAsync(gateway)).HasTheApisShape();

        Assert.Equal(HttpStatusCode.BadGateway, answer.Http);
        Assert.Contains("Gateway:HomeAssistant:MaxSnapshotBytes", answer.Details, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Snapshot_AtTheLimit_IsTaken()
    {
        await using var home = await FakeHomeAssistant.StartAsync();
        await using var gateway = Home.Start(home, ("Gateway:HomeAssistant:MaxSnapshotBytes", $"{FakeHomeAssistant.Picture.Length}"));

        Assert.Equal(HttpStatusCode.OK, (await Home.AskAsync(gateway)).Http);
    }

    [Theory]
    [InlineData(false, null, "10 s")]
    [InlineData(true, null, "10 s")]
    [InlineData(false, "4", "4 s")]
    public async Task Camera_ThatIsSlow_TimesOut(bool hasBegun, string? clientTimeout, string limit)
    {
        var clock = new ManualTimeProvider();
        using var log = new LogRecorder();
        await using var home = await FakeHomeAssistant.StartAsync();
        home.Camera = async http =>
        {
            http.Response.ContentType = "image/png";
            if (hasBegun)
            {
                await http.Response.Body.WriteAsync(new byte[10]);
            }

            await http.Response.Body.FlushAsync();
            await Task.Delay(Timeout.Infinite, http.RequestAborted);
        };
        await using var gateway = Home.Start(null, clock, log, Home.Settings(home.Address));
        using var client = gateway.CreateClientWithKey("home-key");
        if (clientTimeout is not null)
        {
            client.DefaultRequestHeaders.Add("X-Request-Timeout", clientTimeout);
        }

        var asking = Answer.OfAsync(client, "POST", Home.Predict, Home.Body);
        await home.NextSnapshotAsync();
        clock.Advance(TimeSpan.FromSeconds(10));
        var answer = (await asking).HasTheApisShape();

        Assert.Equal((HttpStatusCode.GatewayTimeout, (int)StatusCode.RpcRequestTimeout), (answer.Http, answer.Code));
        Assert.StartsWith($"Home Assistant did not answer within {limit}", answer.Details, StringComparison.Ordinal);
    }

    [Fact]
    public async Task HomeAssistant_ThatIsDown_Is503()
    {
        var home = await FakeHomeAssistant.StartAsync();
        await using var gateway = Home.Start(home);
        await home.DisposeAsync();

        var answer = (await Home.AskAsync(gateway)).HasTheApisShape();

        Assert.Equal((HttpStatusCode.ServiceUnavailable, (int)StatusCode.RpcServerUnavailable), (answer.Http, answer.Code));
        Assert.Contains("Gateway:HomeAssistant:Url", answer.Details, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Snapshot_BrokenOff_Is503()
    {
        await using var home = await FakeHomeAssistant.StartAsync();
        home.Camera = async http =>
        {
            http.Response.ContentLength = 100;
            await FakeHomeAssistant.AnswerAsync(http, "image/png", new byte[10]);
            http.Abort();
        };
        await using var gateway = Home.Start(home);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await Home.AskAsync(gateway)).HasTheApisShape().Http);
    }

    [Fact]
    public async Task Event_Refused_LosesNoResults()
    {
        using var log = new LogRecorder();
        await using var home = await FakeHomeAssistant.StartAsync();
        home.IsAdmin = false;
        await using var gateway = Home.Start(null, TimeProvider.System, log, Home.Settings(home.Address));

        var answer = await Home.AskAsync(gateway);

        Assert.Equal((HttpStatusCode.OK, (int)StatusCode.Success), (answer.Http, answer.Code));
        Assert.NotEmpty(answer.Body["results"]!.AsArray());
        Assert.Equal(
            "failed: Home Assistant refused the event with 401: Gateway:HomeAssistant:Token has to be an administrator's.",
            answer.Response.Headers.GetValues(Home.EventHeader).Single());
        Assert.Contains("was not fired", Assert.Single(log.Entries), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Workflow_ThatFails_AnswersAsTheApiDoes_AndFiresNothing()
    {
        await using var home = await FakeHomeAssistant.StartAsync();
        await using var gateway = Home.Start(home);

        var unknown = await Home.AskAsync(gateway, """{"workflow_id":"nothing","entity_id":"camera.front_door"}""");
        home.Camera = http => FakeHomeAssistant.AnswerAsync(http, "image/png", [1, 2, 3]);
        var unreadable = await Home.AskAsync(gateway);

        Assert.Equal(HttpStatusCode.NotFound, unknown.Http);
        Assert.Equal(HttpStatusCode.BadRequest, unreadable.Http);
        Assert.NotEmpty(unreadable.Body["results"]!.AsArray());
        Assert.Empty(home.Events);
        Assert.False(unknown.Response.Headers.Contains(Home.EventHeader));
    }

    [Fact]
    public async Task Upstream_ThatCannotBeReached_FiresNothing()
    {
        await using var home = await FakeHomeAssistant.StartAsync();
        await using var gateway = GatewayHost.Start(new Uri("http://127.0.0.1:1"), Home.Settings(home.Address, ("Gateway:Upstream:Retry:MaxAttempts", "1")));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await Home.AskAsync(gateway)).HasTheApisShape().Http);
        Assert.Empty(home.Events);
    }

    [Fact]
    public async Task Client_ThatLeaves_StopsWaitingForTheCamera()
    {
        var cameraLeft = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var home = await FakeHomeAssistant.StartAsync();
        home.Camera = http =>
        {
            http.RequestAborted.Register(cameraLeft.SetResult);
            return cameraLeft.Task;
        };
        await using var gateway = Home.Start(null, new ManualTimeProvider(), new LogRecorder(), Home.Settings(home.Address));
        using var client = gateway.CreateClientWithKey("home-key");
        using var leaving = new CancellationTokenSource();

        var asking = client.PostAsync(Home.Predict, new StringContent(Home.Body), leaving.Token);
        await home.NextSnapshotAsync();
        await leaving.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
        await cameraLeft.Task;
    }

    [Fact]
    public async Task Verb_ThatIsNotPost_Is405()
    {
        await using var gateway = GatewayHost.Start();

        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await Answer.OfAsync(gateway.CreateClientWithKey(), "GET", Home.Predict)).HasTheApisShape().Http);
    }

    // Ids and times differ from call to call.
    private static string Comparable(JsonNode body)
    {
        var copy = body.DeepClone();
        foreach (var node in Deep(copy))
        {
            node.Remove("req_id");
            node.Remove("created_at");
            if (node.ContainsKey("status"))
            {
                node.Remove("id");
            }

            if (node.ContainsKey("data"))
            {
                node.Remove("id");
            }
        }

        return copy.ToJsonString();
    }

    private static void RemovePictures(JsonNode outputs)
    {
        foreach (var node in Deep(outputs))
        {
            node.Remove("base64");
        }
    }

    private static List<JsonObject> Deep(JsonNode? node) => node switch
    {
        JsonObject members => [members, .. members.SelectMany(member => Deep(member.Value))],
        JsonArray elements => [.. elements.SelectMany(Deep)],
        _ => [],
    };
}
