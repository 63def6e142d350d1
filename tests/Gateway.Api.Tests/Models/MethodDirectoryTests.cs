using Gateway.Api.Models;
using Gateway.Api.Tenancy;
using Gateway.Api.Tests.Faces.Methods;
using Gateway.Api.Tests.Support;
using Gateway.Api.Upstream;
using Gateway.Core.Methods;
using Gateway.Core.Upstream;
using Gateway.Testing.Grpc;
using Microsoft.Extensions.DependencyInjection;
using DataType = Clarifai.Api.ModelTypeField.Types.DataType;
using Task = System.Threading.Tasks.Task;

namespace Gateway.Api.Tests.Models;

/// <summary>Who asks the upstream for a model's methods, when many want them at once.</summary>
public sealed class MethodDirectoryTests
{
    private static readonly ModelAddress Model = new("u", "a", "m", "v1");
    private static readonly UpstreamCall Patient = new("mine", TimeSpan.FromMinutes(1), CancellationToken.None);

    [Fact]
    public async Task FirstCalls_OfMany_LoadOnce()
    {
        await using var upstream = await MethodUpstream.StartAsync(MethodUpstream.Signature("predict", [MethodUpstream.Field("x", DataType.Str)], []));
        await using var gateway = GatewayHost.Start(upstream.Address);

        // Each has looked, and waits, before the next one comes.
        var answers = await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => FindAsync(gateway, Patient).AsTask()).ToArray());

        Assert.All(answers, answer => Assert.Equal("predict", Assert.Single(answer.Methods!.All).Name));
        Assert.Equal(["GetModelVersion"], upstream.Calls.Select(call => call.Rpc));
    }

    /// <summary>Whoever asks for all may leave: the next one asks then.</summary>
    [Fact]
    public async Task Loader_ThatLeaves_IsFollowedByAnother()
    {
        await using var upstream = await MethodUpstream.StartAsync(MethodUpstream.Signature("predict", [MethodUpstream.Field("x", DataType.Str)], []));
        await using var gateway = GatewayHost.Start(upstream.Address);
        using var leaving = new CancellationTokenSource();

        var first = FindAsync(gateway, Patient with { CancellationToken = leaving.Token }).AsTask();
        var second = FindAsync(gateway, Patient).AsTask();
        await leaving.CancelAsync();

        Assert.NotNull((await second).Methods);
        await Task.WhenAny(first);
    }

    [Fact]
    public async Task Follower_WithLessTime_EndsInIt()
    {
        await using var upstream = await RecordingUpstream.StartAsync(async (GrpcServerCall call) =>
        {
            await Task.Delay(Timeout.Infinite, call.CancellationToken);
            return GrpcStatus.DefaultSuccess;
        });
        await using var gateway = GatewayHost.Start(upstream.Address);
        using var leaving = new CancellationTokenSource();

        var first = FindAsync(gateway, Patient with { CancellationToken = leaving.Token }).AsTask();
        var second = await FindAsync(gateway, Patient with { Timeout = TimeSpan.FromMilliseconds(20) });

        Assert.Equal("the call did not end within its 0.02 s", second.CallFailure?.Message);
        await leaving.CancelAsync();
        await Task.WhenAny(first);
    }

    private static ValueTask<SignatureAnswer> FindAsync(GatewayHost gateway, UpstreamCall call)
    {
        var services = gateway.Services;
        var tenant = Tenant.PassThrough(new Pat("key"));
        return services.GetRequiredService<MethodDirectory>().FindAsync(
            services.GetRequiredService<UpstreamTarget>().ClientFor(tenant), tenant, Model, wanted: null, call);
    }
}
