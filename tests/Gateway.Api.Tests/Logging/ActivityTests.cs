using System.Diagnostics;
using Gateway.Api.Tests.Support;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Api.Tests.Logging;

/// <summary>What the host does for every request because something might log it.</summary>
public sealed class ActivityTests
{
    [Fact]
    public async Task Request_NobodyTraces_HasNoActivity()
    {
        var seen = new List<Activity?>();
        await using var gateway = GatewayHost.Start(
            null, host => host.ConfigureTestServices(services => services.AddSingleton<IStartupFilter>(new FirstMiddleware(_ => seen.Add(Activity.Current)))));
        using var client = gateway.CreateClientWithKey();

        using var response = await client.GetAsync("/v2/models");

        Assert.Null(Assert.Single(seen));
    }
}
