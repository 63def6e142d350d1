using Clarifai.Api;
using Gateway.Api.Tests.Support;
using Task = System.Threading.Tasks.Task;

namespace Gateway.Api.Tests.Http;

/// <summary>The id of a request, from the client through the gateway to the upstream and back.</summary>
public sealed class RequestIdTests
{
    [Theory]
    [InlineData("my-id_1.2:3/4+5=", true)]
    [InlineData("has space", false)]
    [InlineData("<script>", false)]
    [InlineData(null, false)]
    public async Task ClientsOwn_Sane_IsHonoured(string? own, bool honoured)
    {
        string? seen = null;
        await using var upstream = await RecordingUpstream.StartAsync(call =>
        {
            seen = call.Headers.GetValue("x-request-id");
            return new MultiModelResponse();
        });
        await using var gateway = GatewayHost.Start(upstream.Address);
        using var client = gateway.CreateClientWithKey();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v2/models");
        if (own is not null)
        {
            request.Headers.TryAddWithoutValidation("X-Request-ID", own);
        }

        using var response = await client.SendAsync(request);

        var id = response.Headers.GetValues("X-Request-ID").Single();
        Assert.Equal(honoured, id == own);
        Assert.Equal(id, seen);
    }

    [Fact]
    public async Task ClientsOwn_TooLong_IsReplaced()
    {
        await using var gateway = GatewayHost.Start();
        using var client = gateway.CreateClientWithKey();
        client.DefaultRequestHeaders.Add("X-Request-ID", new string('a', 129));

        using var response = await client.GetAsync("/v2/models");

        Assert.Equal(32, response.Headers.GetValues("X-Request-ID").Single().Length);
    }

    [Fact]
    public async Task Own_IsAUuidOfVersion7_AndNeverTheSame()
    {
        await using var gateway = GatewayHost.Start();
        using var client = gateway.CreateClientWithKey();

        var ids = new List<Guid>();
        for (var i = 0; i < 3; i++)
        {
            using var response = await client.GetAsync("/v2/models");
            ids.Add(Guid.ParseExact(response.Headers.GetValues("X-Request-ID").Single(), "N"));
        }

        Assert.All(ids, id => Assert.Equal((7, 0b10), (id.Version, id.Variant >> 2)));
        Assert.Equal(ids.Count, ids.Distinct().Count());
    }
}
