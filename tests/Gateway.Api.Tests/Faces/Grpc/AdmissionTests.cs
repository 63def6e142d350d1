using Clarifai.Api;
using Gateway.Testing.Grpc;
using Task = System.Threading.Tasks.Task;

namespace Gateway.Api.Tests.Faces.Grpc;

/// <summary>Who may call by gRPC, what with, and how much: the same as over HTTP.</summary>
public sealed class AdmissionTests
{
    [Theory]
    [InlineData("Key gateway-key")]
    [InlineData("Bearer gateway-key")]
    [InlineData("gateway-key")]
    public async Task GatewayKey_OfATenant_SendsItsPat(string authorization)
    {
        string? seen = null;
        await using var front = await GrpcFront.StartAsync(call =>
        {
            seen = call.RequestHeaders.GetValue("authorization");
            return GrpcFront.EchoAsync(call);
        });

        var result = await front.Channel.UnaryAsync(GrpcFront.Predict, GrpcFront.Bytes(GrpcFront.Request("x")), GrpcFront.Options(authorization));

        Assert.Equal(GrpcStatus.DefaultSuccess, result.Status);
        Assert.Equal($"Key {GrpcFront.Pat}", seen);
    }

    [Theory]
    [InlineData(null, "No key: send the header 'Authorization: Key <your key>'.")]
    [InlineData("Key wrong", "The key belongs to no tenant of this gateway, or has ended.")]
    [InlineData("Basic gateway-key", "Authorization must be 'Key <your key>' or 'Bearer <your key>', once.")]
    public async Task Key_MissingOrWrong_IsUnauthenticated(string? authorization, string details)
    {
        await using var front = await GrpcFront.StartAsync(_ => throw new InvalidOperationException("must not be called"));

        foreach (var path in new[] { GrpcFront.Predict, GrpcFront.Generate, GrpcFront.Stream })
        {
            var result = await front.Channel.UnaryAsync(path, GrpcFront.Bytes(GrpcFront.Request("x")), GrpcFront.Options(authorization));

            Assert.Equal(new GrpcStatus(GrpcStatusCode.Unauthenticated, details), result.Status);
        }
    }

    [Fact]
    public async Task Credential_RepeatedByTheUpstream_DoesNotReachTheClient()
    {
        await using var front = await GrpcFront.StartAsync(async call =>
        {
            foreach (var entry in call.RequestHeaders)
            {
                call.ResponseHeaders.Add(entry);
                call.ResponseTrailers.Add(entry);
            }

            return await GrpcFront.EchoAsync(call);
        });

        var result = await front.Channel.UnaryAsync(GrpcFront.Predict, GrpcFront.Bytes(GrpcFront.Request("x")), GrpcFront.Options());

        Assert.DoesNotContain(result.Headers.Concat(result.Trailers), entry => entry.Value.Contains(GrpcFront.Pat, StringComparison.Ordinal));
        Assert.DoesNotContain("canary", string.Join('\n', front.Log.Entries), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("m", "", "", true)]
    [InlineData("m", "home", "kitchen", true)]
    [InlineData("m", "home", "other", false)]
    [InlineData("other", "", "", false)]
    [InlineData("", "", "", false)]
    public async Task LimitedTenant_MayCall_WhatItsListNames(string model, string user, string app, bool allowed)
    {
        await using var front = await GrpcFront.StartAsync(GrpcFront.EchoAsync, Limited);
        var request = GrpcFront.Request("x", model);
        if (user.Length > 0)
        {
            request.UserAppId = new UserAppIDSet { UserId = user, AppId = app };
        }

        foreach (var path in new[] { GrpcFront.Predict, GrpcFront.Generate, GrpcFront.Stream })
        {
            foreach (var compressed in new[] { false, true })
            {
                using var stream = front.Channel.ServerStreaming(
                    path, GrpcFront.Bytes(request), GrpcFront.Options() with { CompressRequest = compressed });
                await stream.ReadToEndAsync();

                Assert.Equal(allowed ? GrpcStatusCode.OK : GrpcStatusCode.PermissionDenied, stream.Status.StatusCode);
            }
        }
    }

    [Fact]
    public async Task LimitedTenant_LaterMessageToAnotherModel_EndsTheStreamUnsent()
    {
        var upstreamEnded = new TaskCompletionSource<int>();
        await using var front = await GrpcFront.StartAsync(
            async call =>
            {
                var messages = 0;
                using var registration = call.CancellationToken.Register(() => upstreamEnded.TrySetResult(messages));
                while (await call.ReadAsync() is { } message)
                {
                    messages++;
                    await call.WriteAsync(GrpcFront.Bytes(GrpcFront.Response()));
                }

                return GrpcStatus.DefaultSuccess;
            },
            Limited);
        using var stream = front.Channel.DuplexStreaming(GrpcFront.Stream, GrpcFront.Options());

        await stream.WriteAsync(GrpcFront.Bytes(GrpcFront.Request("x")));
        Assert.NotNull(await stream.ReadAsync());
        await stream.WriteAsync(GrpcFront.Bytes(GrpcFront.Request("x", "other")));

        Assert.Null(await stream.ReadAsync());
        Assert.Equal(
            new GrpcStatus(GrpcStatusCode.PermissionDenied, "Tenant kitchen is limited to certain models and workflows, and this call is not to one of them."),
            stream.Status);
        Assert.Equal(1, await upstreamEnded.Task);
    }

    [Theory]
    [InlineData(GrpcFront.Predict)]
    [InlineData(GrpcFront.Generate)]
    [InlineData(GrpcFront.Stream)]
    public async Task Inputs_OverTheLimit_AreRefusedByName(string path)
    {
        await using var front = await GrpcFront.StartAsync(GrpcFront.EchoAsync, ("Gateway:Limits:MaxModelInputs", "2"));
        var request = GrpcFront.Request("x");
        request.Inputs.Add(request.Inputs[0]);

        var upTo = await front.Channel.UnaryAsync(path, GrpcFront.Bytes(request), GrpcFront.Options());
        request.Inputs.Add(request.Inputs[0]);
        var over = await front.Channel.UnaryAsync(path, GrpcFront.Bytes(request), GrpcFront.Options());
        var overInGzip = await front.Channel.UnaryAsync(path, GrpcFront.Bytes(request), GrpcFront.Options() with { CompressRequest = true });

        Assert.Equal(GrpcStatus.DefaultSuccess, upTo.Status);
        Assert.Equal(new GrpcStatus(GrpcStatusCode.InvalidArgument, "inputs[2]: more than 2 elements, the limit for one call"), over.Status);
        Assert.Equal(over.Status, overInGzip.Status);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Message_OverTheLimit_IsRefused(bool compressed)
    {
        await using var front = await GrpcFront.StartAsync(_ => throw new InvalidOperationException("must not be called"), ("Gateway:Limits:MaxBodyBytes", "900"));

        var result = await front.Channel.UnaryAsync(GrpcFront.Predict, new byte[1000], GrpcFront.Options() with { CompressRequest = compressed });

        Assert.Equal(GrpcStatusCode.ResourceExhausted, result.Status.StatusCode);
    }

    [Theory]
    [InlineData("", "", "home", "kitchen")]
    [InlineData("other", "", "other", "")]
    [InlineData("", "other", "", "other")]
    public async Task UserAndApp_WhereTheRequestNamesNeither_AreTheTenants(string user, string app, string expectedUser, string expectedApp)
    {
        var seen = new List<PostModelOutputsRequest>();
        await using var front = await GrpcFront.StartAsync(
            async call =>
            {
                while (await call.ReadAsync() is { } message)
                {
                    seen.Add(PostModelOutputsRequest.Parser.ParseFrom(message.Span));
                }

                await call.WriteAsync(GrpcFront.Bytes(GrpcFront.Response()));
                return GrpcStatus.DefaultSuccess;
            },
            Defaults);
        var request = GrpcFront.Request("x");
        request.UserAppId = new UserAppIDSet { UserId = user, AppId = app };
        var expected = request.Clone();
        expected.UserAppId = new UserAppIDSet { UserId = expectedUser, AppId = expectedApp };

        foreach (var path in new[] { GrpcFront.Predict, GrpcFront.Generate, GrpcFront.Stream })
        {
            foreach (var compressed in new[] { false, true })
            {
                var result = await front.Channel.UnaryAsync(path, GrpcFront.Bytes(request), GrpcFront.Options() with { CompressRequest = compressed });
                Assert.Equal(GrpcStatus.DefaultSuccess, result.Status);
            }
        }

        Assert.Equal(6, seen.Count);
        Assert.All(seen, message => Assert.Equal(expected, message));
    }

    [Fact]
    public async Task UserAndApp_NamedByTheFirstMessage_HoldForTheStream()
    {
        var seen = new List<UserAppIDSet?>();
        await using var front = await GrpcFront.StartAsync(
            async call =>
            {
                while (await call.ReadAsync() is { } message)
                {
                    seen.Add(PostModelOutputsRequest.Parser.ParseFrom(message.Span).UserAppId);
                }

                return GrpcStatus.DefaultSuccess;
            },
            Defaults);
        var first = GrpcFront.Request("x");
        first.UserAppId = new UserAppIDSet { UserId = "other" };

        foreach (var opening in new[] { first, GrpcFront.Request("x") })
        {
            using var stream = front.Channel.DuplexStreaming(GrpcFront.Stream, GrpcFront.Options());
            await stream.WriteAsync(GrpcFront.Bytes(opening));
            await stream.WriteAsync(GrpcFront.Bytes(GrpcFront.Request("y")));
            await stream.CompleteAsync();
            Assert.Null(await stream.ReadAsync());
        }

        var defaults = new UserAppIDSet { UserId = "home", AppId = "kitchen" };
        Assert.Equal([first.UserAppId, null, defaults, defaults], seen);
    }

    [Fact]
    public async Task NoTenant_ClientsOwnKey_PassesThrough()
    {
        string? seen = null;
        await using var upstream = await Support.RecordingUpstream.StartAsync((GrpcServerHandler)(call =>
        {
            seen = call.RequestHeaders.GetValue("authorization");
            return GrpcFront.EchoAsync(call);
        }));
        await using var gateway = Support.GatewayHost.Start(upstream.Address);
        await using var channel = new RawChannel(gateway.GrpcAddress);

        var result = await channel.UnaryAsync(GrpcFront.Predict, GrpcFront.Bytes(GrpcFront.Request("x")), GrpcFront.Options("Key my-own"));

        Assert.Equal("Key my-own", seen);
    }

    private static (string Key, string? Value)[] Defaults => [(GrpcFront.Tenant + ":UserId", "home"), (GrpcFront.Tenant + ":AppId", "kitchen")];

    private static (string Key, string? Value)[] Limited => [.. Defaults, (GrpcFront.Tenant + ":Models:0", "m")];
}
