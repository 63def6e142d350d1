using System.Net.Http.Headers;
using Clarifai.Api;
using Clarifai.Api.Status;
using Gateway.Api.Tests.Support;
using Status = Clarifai.Api.Status.Status;
using Task = System.Threading.Tasks.Task;

namespace Gateway.Api.Tests.Pipeline;

/// <summary>Inputs that come as bodies and forms instead of as JSON.</summary>
public sealed class RawInputTests
{
    private static readonly byte[] Bytes = [0xff, 0, 1, 2];

    [Theory]
    [InlineData("image/jpeg", """{ "image": { "base64": "/wABAg==" } }""")]
    [InlineData("Audio/MPEG", """{ "audio": { "base64": "/wABAg==" } }""")]
    [InlineData("video/mp4; codecs=avc1", """{ "video": { "base64": "/wABAg==" } }""")]
    public async Task Body_OfAMediaType_IsTheInput(string contentType, string data)
    {
        var requests = new List<RecordedCall>();
        await using var upstream = await StartAsync(requests);
        await using var gateway = GatewayHost.Start(upstream.Address);
        using var client = gateway.CreateClientWithKey();
        using var body = new ByteArrayContent(Bytes);
        body.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);

        using var answer = await client.PostAsync("/v2/users/u/apps/a/models/m/outputs", body);

        Assert.True(answer.IsSuccessStatusCode);
        Assert.Equal(
            $$"""{ "userAppId": { "userId": "u", "appId": "a" }, "modelId": "m", "inputs": [ { "data": {{data}} } ] }""",
            PostModelOutputsRequest.Parser.ParseFrom(requests.Single().Request).ToString());
    }

    [Fact]
    public async Task Form_OfFilesAndTexts_IsAsManyInputs()
    {
        var requests = new List<RecordedCall>();
        await using var upstream = await StartAsync(requests);
        await using var gateway = GatewayHost.Start(upstream.Address);
        using var client = gateway.CreateClientWithKey();
        using var form = new MultipartFormDataContent { File("image/png"), File("audio/wav"), { new StringContent("hällo"), "text" } };

        using var answer = await client.PostAsync("/v2/workflows/w/results", form);

        Assert.True(answer.IsSuccessStatusCode);
        Assert.Equal(
            """[ { "image": { "base64": "/wABAg==" } }, { "audio": { "base64": "/wABAg==" } }, { "text": { "raw": "hällo" } } ]""",
            $"[ {string.Join(", ", PostWorkflowResultsRequest.Parser.ParseFrom(requests.Single().Request).Inputs.Select(input => input.Data))} ]");
    }

    [Fact]
    public async Task Body_LongerThanABuffer_IsWhole()
    {
        var requests = new List<RecordedCall>();
        await using var upstream = await StartAsync(requests);
        await using var gateway = GatewayHost.Start(upstream.Address);
        using var client = gateway.CreateClientWithKey();
        var picture = new byte[3_000_000];
        Random.Shared.NextBytes(picture);
        using var body = new ByteArrayContent(picture);
        body.Headers.ContentType = new MediaTypeHeaderValue("image/png");

        using var answer = await client.PostAsync("/v2/models/m/outputs", body);

        Assert.Equal(picture, PostModelOutputsRequest.Parser.ParseFrom(requests.Single().Request).Inputs[0].Data.Image.Base64.ToByteArray());
    }

    [Theory]
    [InlineData("application/zip", "The body is not a form that can be read: the part file is application/zip, and an input is an image, audio, a video or text.")]
    [InlineData("text/plain", "The body is not a form that can be read: the part file is text that is not UTF-8.")]
    public async Task Part_ThatIsNoInput_IsRefused(string contentType, string details)
    {
        await using var gateway = GatewayHost.Start();
        using var client = gateway.CreateClientWithKey();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v2/models/m/outputs") { Content = new MultipartFormDataContent { File(contentType) } };

        var answer = await Answer.OfAsync(client, request);

        Assert.Equal((400, details), ((int)answer.HasTheApisShape().Http, answer.Details));
    }

    [Fact]
    [ProvesSetting("Gateway:Limits:MaxModelInputs")]
    public async Task Form_OfTooManyInputs_IsRefused()
    {
        await using var gateway = GatewayHost.Start(settings: ("Gateway:Limits:MaxModelInputs", "1"));
        using var client = gateway.CreateClientWithKey();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v2/models/m/outputs") { Content = new MultipartFormDataContent { File("image/png"), File("image/png") } };

        var answer = await Answer.OfAsync(client, request);

        Assert.Equal((400, "inputs[1]: more than 1 elements, the limit for one call"), ((int)answer.HasTheApisShape().Http, answer.Details));
    }

    [Fact]
    public async Task Form_OfAsManyPartsAsMayBe_IsReadAndOneMoreRefused()
    {
        const int MaxParts = 1024;
        var requests = new List<RecordedCall>();
        await using var upstream = await StartAsync(requests);
        await using var gateway = GatewayHost.Start(upstream.Address, ("Gateway:Limits:MaxModelInputs", "2000"));
        using var client = gateway.CreateClientWithKey();
        using var most = new HttpRequestMessage(HttpMethod.Post, "/v2/models/m/outputs") { Content = Form(MaxParts) };
        using var more = new HttpRequestMessage(HttpMethod.Post, "/v2/models/m/outputs") { Content = Form(MaxParts + 1) };

        var read = await Answer.OfAsync(client, most);
        var refused = await Answer.OfAsync(client, more);

        Assert.Equal(200, (int)read.Http);
        Assert.Equal(MaxParts, PostModelOutputsRequest.Parser.ParseFrom(requests.Single().Request).Inputs.Count);
        Assert.Equal(
            (400, "The body is not a form that can be read: it has more than 1024 parts."), ((int)refused.HasTheApisShape().Http, refused.Details));
    }

    [Fact]
    public async Task Body_OverTheLimit_IsRefused()
    {
        await using var gateway = GatewayHost.Start(settings: ("Gateway:Limits:MaxBodyBytes", "10"));
        using var client = gateway.CreateClientWithKey();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v2/models/m/outputs") { Content = new ByteArrayContent(new byte[11]) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("image/png");

        Assert.Equal(413, (int)(await Answer.OfAsync(client, request)).HasTheApisShape().Http);
    }

    private static MultipartFormDataContent Form(int parts)
    {
        var form = new MultipartFormDataContent();
        for (var part = 0; part < parts; part++)
        {
            form.Add(new StringContent("a"), "text");
        }

        return form;
    }

    private static ByteArrayContent File(string contentType)
    {
        var file = new ByteArrayContent(Bytes);
        file.Headers.ContentType = new MediaTypeHeaderValue(contentType);
        file.Headers.ContentDisposition = new ContentDispositionHeaderValue("form-data") { Name = "file", FileName = "file.bin" };
        return file;
    }

    private static Task<RecordingUpstream> StartAsync(List<RecordedCall> requests) => RecordingUpstream.StartAsync(call =>
    {
        requests.Add(call);
        return new MultiOutputResponse { Status = new Status { Code = StatusCode.Success } };
    });
}
