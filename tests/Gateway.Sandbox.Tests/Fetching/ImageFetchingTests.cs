using Clarifai.Api;
using Clarifai.Api.Status;
using Gateway.Sandbox.Images;
using Gateway.Testing;

namespace Gateway.Sandbox.Tests.Fetching;

public class ImageFetchingTests
{
    [Fact]
    public async Task Fetch_NoHostAllowed_NamesHostAndSetting()
    {
        await using var sandbox = await SandboxClient.StartAsync();

        var output = await ClassifyAsync(sandbox, "https://images.example.org/cat.png");

        Assert.Equal(StatusCode.InputFailed, output.Status.Code);
        Assert.Equal("Input download failed", output.Status.Description);
        Assert.Contains("images.example.org", output.Status.Details, StringComparison.Ordinal);
        Assert.Contains("Gateway:Sandbox:AllowedImageHosts", output.Status.Details, StringComparison.Ordinal);
        Assert.Equal("https://images.example.org/cat.png", output.Input.Data.Image.Url);
    }

    [Fact]
    public async Task Fetch_AllowedHost_ClassifiesTheImage()
    {
        await using var host = await ImageHost.StartAsync(Samples.Read("boats.png"));
        await using var sandbox = await StartAsync(host.Authority);

        var output = await ClassifyAsync(sandbox, host.Url());

        Assert.Equal("png", output.Data.Concepts[0].Name);
        Assert.Equal(host.Url(), output.Input.Data.Image.Url);
        Assert.True(output.Input.Data.Image.Base64.IsEmpty);
    }

    [Fact]
    public async Task Fetch_OneUrlOfTwoNotAllowed_IsMixed()
    {
        await using var host = await ImageHost.StartAsync(Samples.Read("boats.png"));
        await using var sandbox = await StartAsync(host.Authority);

        var response = await sandbox.PredictAsync(Requests.Of("image-classifier", Requests.ImageUrl(host.Url()), Requests.ImageUrl("http://other.example.org/")));

        Assert.Equal(StatusCode.MixedStatus, response.Status.Code);
        Assert.Equal([StatusCode.Success, StatusCode.InputFailed], response.Outputs.Select(output => output.Status.Code));
    }

    [Fact]
    public async Task Fetch_ImageOfAMethodOrWorkflow_IsFetchedToo()
    {
        await using var host = await ImageHost.StartAsync(Samples.Read("boats.png"));
        await using var sandbox = await StartAsync(host.Authority);
        var method = Requests.Method("predict", ("image", new Data { Image = new Image { Url = host.Url() } }));

        var output = Assert.Single((await sandbox.PredictAsync(Requests.Of("image-classifier", method))).Outputs);
        var workflow = await sandbox.CallAsync<PostWorkflowResultsResponse>("PostWorkflowResults", new PostWorkflowResultsRequest { WorkflowId = "detect-crop-classify", Inputs = { Requests.ImageUrl(host.Url()) } });

        Assert.Equal("png", output.Data.Parts[0].Data.Concepts[0].Name);
        Assert.Equal(StatusCode.Success, workflow.Status.Code);
    }

    [Fact]
    public async Task Fetch_WorkflowInputNotAllowed_FailsItsResult()
    {
        await using var sandbox = await SandboxClient.StartAsync();

        var response = await sandbox.CallAsync<PostWorkflowResultsResponse>("PostWorkflowResults", new PostWorkflowResultsRequest { WorkflowId = "detect-crop-classify", Inputs = { Requests.ImageUrl("http://example.org/a.png") } });

        Assert.Equal(StatusCode.InputFailed, response.Status.Code);
        Assert.Equal(StatusCode.InputFailed, response.Results[0].Status.Code);
        Assert.Empty(response.Results[0].Outputs);
    }

    [Theory]
    [InlineData("not a url", StatusCode.InputInvalidUrl)]
    [InlineData("file:///etc/passwd", StatusCode.InputInvalidUrl)]
    [InlineData("ftp://localhost/a.png", StatusCode.InputInvalidUrl)]
    [InlineData("http://localhost:1/a.png", StatusCode.InputFailed)]
    [InlineData("http://localhost@example.org/a.png", StatusCode.InputFailed)]
    [InlineData("http://localhost.example.org/a.png", StatusCode.InputFailed)]
    public async Task Fetch_OtherThanTheAllowedHost_IsRefused(string url, StatusCode code)
    {
        await using var sandbox = await StartAsync("localhost");

        var output = await ClassifyAsync(sandbox, url);

        Assert.Equal(code, output.Status.Code);
        Assert.DoesNotContain("the connection failed", output.Status.Details, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fetch_RedirectToAnotherHost_IsNotFollowed()
    {
        var asked = false;
        await using var other = await ImageHost.StartAsync(_ =>
        {
            asked = true;
            return Task.CompletedTask;
        });
        await using var host = await ImageHost.StartAsync(context =>
        {
            context.Response.Redirect(other.Url());
            return Task.CompletedTask;
        });
        await using var sandbox = await StartAsync(host.Authority);

        var output = await ClassifyAsync(sandbox, host.Url());

        Assert.Contains(other.Authority, output.Status.Details, StringComparison.Ordinal);
        Assert.False(asked);
    }

    [Fact]
    public async Task Fetch_RedirectOnTheSameHost_IsFollowed()
    {
        await using var host = await ImageHost.StartAsync(context =>
        {
            if (context.Request.Path == "/real")
            {
                return context.Response.Body.WriteAsync(Samples.Read("boats.png")).AsTask();
            }

            context.Response.Redirect("/real");
            return Task.CompletedTask;
        });
        await using var sandbox = await StartAsync(host.Authority);

        Assert.Equal(StatusCode.Success, (await ClassifyAsync(sandbox, host.Url())).Status.Code);
    }

    [Fact]
    public async Task Fetch_EndlessRedirects_EndAfterThree()
    {
        var asked = 0;
        await using var host = await ImageHost.StartAsync(context =>
        {
            asked++;
            context.Response.Redirect("/again");
            return Task.CompletedTask;
        });
        await using var sandbox = await StartAsync(host.Authority);

        var output = await ClassifyAsync(sandbox, host.Url());

        Assert.Equal("the image could not be fetched: there were more than 3 redirects", output.Status.Details);
        Assert.Equal(4, asked);
    }

    [Fact]
    public async Task Fetch_HostAnswersNotFound_SaysSo()
    {
        await using var host = await ImageHost.StartAsync(context =>
        {
            context.Response.StatusCode = 404;
            return Task.CompletedTask;
        });
        await using var sandbox = await StartAsync(host.Authority);

        Assert.Equal("the image could not be fetched: the host answered 404", (await ClassifyAsync(sandbox, host.Url())).Status.Details);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Fetch_TooLarge_IsCutOffAtTheLimit(bool tellsLength)
    {
        var cutOff = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var host = await ImageHost.StartAsync(async context =>
        {
            context.RequestAborted.Register(cutOff.SetResult);
            if (tellsLength)
            {
                context.Response.ContentLength = ImageLimits.MaxBytes + 1;
                await context.Response.Body.FlushAsync();
                await Task.Delay(Timeout.Infinite, context.RequestAborted);
            }

            while (true)
            {
                await context.Response.Body.WriteAsync(new byte[1_000_000], context.RequestAborted);
            }
        });
        await using var sandbox = await StartAsync(host.Authority);

        Assert.Equal(StatusCode.MpDownloadMaxSizeExceededError, (await ClassifyAsync(sandbox, host.Url())).Status.Code);
        await cutOff.Task;
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Fetch_HostStalls_EndsAtTheTimeout(bool sendsHeaders)
    {
        var stalled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var host = await ImageHost.StartAsync(async context =>
        {
            if (sendsHeaders)
            {
                await context.Response.Body.FlushAsync();
            }

            stalled.TrySetResult();
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        });
        var clock = new ManualTimeProvider();
        await using var sandbox = await SandboxClient.StartAsync(new SandboxOptions { AllowedImageHosts = [host.Authority], ImageFetchTimeout = TimeSpan.FromSeconds(7) }, clock);

        var output = ClassifyAsync(sandbox, host.Url());
        var timeout = await clock.NextTimerAsync();
        await stalled.Task;
        timeout.Fire();

        Assert.Equal("the image could not be fetched: fetching took longer than 7 seconds", (await output).Status.Details);
    }

    [Fact]
    public async Task Fetch_NobodyListens_SaysThatTheConnectionFailed()
    {
        var authority = Nobody.At().Authority;
        await using var sandbox = await StartAsync(authority);

        Assert.Equal("the image could not be fetched: the connection failed", (await ClassifyAsync(sandbox, $"http://{authority}/a.png")).Status.Details);
    }

    [Fact]
    public async Task Fetch_HostDiesMidImage_SaysThatTheConnectionFailed()
    {
        await using var host = await ImageHost.StartAsync(async context =>
        {
            context.Response.ContentLength = 1000;
            await context.Response.Body.WriteAsync(new byte[10]);
            context.Abort();
        });
        await using var sandbox = await StartAsync(host.Authority);

        Assert.Equal("the image could not be fetched: the connection failed", (await ClassifyAsync(sandbox, host.Url())).Status.Details);
    }

    [Fact]
    public async Task Fetch_UrlAndBytes_UsesTheBytes()
    {
        await using var sandbox = await SandboxClient.StartAsync();
        var input = Requests.ImageBytes(Samples.Read("boats.png"));
        input.Data.Image.Url = "http://example.org/boats.png";

        Assert.Equal(StatusCode.Success, (await sandbox.PredictAsync(Requests.Of("image-classifier", input))).Status.Code);
    }

    private static Task<SandboxClient> StartAsync(string allowedHost) => SandboxClient.StartAsync(new SandboxOptions { AllowedImageHosts = [allowedHost] });

    private static async Task<Output> ClassifyAsync(SandboxClient sandbox, string url) =>
        Assert.Single((await sandbox.PredictAsync(Requests.Of("image-classifier", Requests.ImageUrl(url)))).Outputs);
}
