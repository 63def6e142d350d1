using System.Net;
using Clarifai.Api;
using Clarifai.Api.Status;
using Gateway.Api.Tests.Faces.HomeAssistant;
using Gateway.Api.Tests.Support;
using Status = Clarifai.Api.Status.Status;
using Task = System.Threading.Tasks.Task;

namespace Gateway.Api.Tests.Tenancy;

/// <summary>Tokens as they come out of mounted secrets: with a line break at the end, or broken.</summary>
public sealed class TokenTests
{
    private const string Form = " is a token of letters, digits and signs of ASCII, without spaces and line breaks in it.";

    [Theory]
    [InlineData("CLARIFAI_PAT", "abc\n")]
    [InlineData("Gateway:Tenants:default:Pat", "abc\r\n")]
    [InlineData("Gateway:Tenants:default:Pat", " abc\t")]
    public async Task Pat_WithWhiteSpaceAroundIt_IsSentWithout(string setting, string value)
    {
        var sent = new List<string?>();
        await using var upstream = await RecordingUpstream.StartAsync(call =>
        {
            sent.Add(call.Headers.GetValue("authorization"));
            return new MultiModelResponse { Status = new Status { Code = StatusCode.Success } };
        });
        await using var gateway = GatewayHost.Start(upstream.Address, (setting, value), ("Gateway:Tenants:default:Keyless", "true"));
        using var client = gateway.CreateClient();

        using var response = await client.GetAsync("/v2/models");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(["Key abc"], sent);
    }

    [Fact]
    public async Task Tenant_WithLineBreaksAtTheEnds_IsWhoItIsWithout()
    {
        var calls = new List<RecordedCall>();
        await using var upstream = await RecordingUpstream.StartAsync(call =>
        {
            calls.Add(call);
            return new MultiModelResponse { Status = new Status { Code = StatusCode.Success } };
        });
        await using var gateway = GatewayHost.Start(
            upstream.Address,
            ("Gateway:Tenants:kitchen:Pat", "p\n"), ("Gateway:Tenants:kitchen:KeySha256", Home.Hash("k") + "\n"),
            ("Gateway:Tenants:kitchen:UserId", "home\n"), ("Gateway:Tenants:kitchen:AppId", "main\n"));
        using var client = gateway.CreateClientWithKey("k");

        using var response = await client.GetAsync("/v2/models");

        Assert.Equal(new UserAppIDSet { UserId = "home", AppId = "main" }, ListModelsRequest.Parser.ParseFrom(Assert.Single(calls).Request).UserAppId);
    }

    [Fact]
    public async Task HomeAssistantToken_WithALineBreakAtTheEnd_IsSentWithout()
    {
        await using var home = await FakeHomeAssistant.StartAsync();
        await using var gateway = Home.Start(home, ("Gateway:HomeAssistant:Token", FakeHomeAssistant.Token + "\n"));

        Assert.Equal(HttpStatusCode.OK, (await Home.AskAsync(gateway)).Http);
    }

    [Theory]
    [InlineData("a", "Gateway:Tenants:a:Pat" + Form, "Gateway__Tenants__a__Pat", "canary\ncanary")]
    [InlineData("a", "Gateway:Tenants:a:Pat" + Form, "Gateway__Tenants__a__Pat", "canary canary")]
    [InlineData("a", "Gateway:Tenants:a:Pat" + Form, "Gateway__Tenants__a__Pat", "canary\u00E9")]
    [InlineData("default", "Gateway:Tenants:default:Pat (or CLARIFAI_PAT)" + Form, "CLARIFAI_PAT", "canary\u0007")]
    [InlineData("default", "Gateway:Tenants:default:Pat (or CLARIFAI_PAT) is missing.", "CLARIFAI_PAT", "\n")]
    public async Task Pat_ThatCannotBeAHeader_StopsTheStartAndIsNamed(string tenant, string sentence, string variable, string value)
    {
        var (exitCode, output, error) = await GatewayProcess.RunAsync(
            AppContext.BaseDirectory, new Dictionary<string, string> { [variable] = value }, "--urls", "http://127.0.0.1:0", $"--Gateway:Tenants:{tenant}:Keyless", "true");

        Assert.Equal((1, sentence), (exitCode, error.TrimEnd()));
        Assert.DoesNotContain("canary", output + error, StringComparison.Ordinal);
    }
}
