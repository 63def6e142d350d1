using Clarifai.Api;
using Clarifai.Api.Status;
using Gateway.Api.Logging;
using Gateway.Api.Tests.Support;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Encoding = System.Text.Encoding;
using Status = Clarifai.Api.Status.Status;
using Task = System.Threading.Tasks.Task;

namespace Gateway.Api.Tests.Pipeline;

/// <summary>A unary call whose client does not wait for the answer, and one whose upstream takes too long.</summary>
public sealed class UnaryCallTests
{
    [Fact]
    public async Task Client_Leaves_UpstreamIsCancelled()
    {
        var called = new TaskCompletionSource();
        var cancelled = new TaskCompletionSource();
        await using var upstream = await RecordingUpstream.StartAsync(async call =>
        {
            call.CancellationToken.Register(cancelled.SetResult);
            called.SetResult();
            await cancelled.Task;
            return GrpcStatus.DefaultSuccess;
        });
        await using var gateway = GatewayHost.Start(upstream.Address);
        using var client = gateway.CreateClientWithKey();
        using var leaving = new CancellationTokenSource();

        var request = client.PostAsync("/v2/models/m/outputs", new StringContent("{}", Encoding.UTF8), leaving.Token);
        await called.Task;
        await leaving.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => request);
        await cancelled.Task.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    [ProvesSetting("Gateway:Upstream:UnaryTimeout")]
    public async Task Upstream_TakesTooLong_IsATimeout()
    {
        await using var upstream = await RecordingUpstream.StartAsync(async call =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, call.CancellationToken);
            return GrpcStatus.DefaultSuccess;
        });
        await using var gateway = GatewayHost.Start(upstream.Address, ("Gateway:Upstream:UnaryTimeout", "00:00:00.200"));
        using var client = gateway.CreateClientWithKey();

        var answer = await Answer.OfAsync(client, "POST", "/v2/models/m/outputs", "{}");

        Assert.Equal((504, 40032), ((int)answer.HasTheApisShape().Http, answer.Code));
    }

    /// <summary>An answer is written as its client takes it, not ahead of it: no more is out than was read and fits into the sockets' buffers.</summary>
    [Fact]
    public async Task Client_ReadsSlowly_AnswerIsNotWrittenAhead()
    {
        const int TextLength = 64 * 1024 * 1024;
        const int ReadFirst = 4 * 1024 * 1024;
        await using var upstream = await RecordingUpstream.StartAsync(_ => new MultiOutputResponse
        {
            Status = new Status { Code = StatusCode.Success },
            Outputs = { new Output { Data = new Data { Text = new Text { Raw = new string('a', TextLength) } } } },
        });
        RequestRecord? record = null;
        var see = new FirstMiddleware(http => http.Response.OnStarting(() =>
        {
            record = http.Features.Get<RequestRecord>();
            return Task.CompletedTask;
        }));
        await using var gateway = GatewayHost.Start(
            upstream.Address, host => host.ConfigureTestServices(services => services.AddSingleton<IStartupFilter>(see)));
        using var client = gateway.CreateClientWithKey();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v2/models/m/outputs") { Content = new StringContent("{}") };

        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        await using var body = await response.Content.ReadAsStreamAsync();
        await body.ReadExactlyAsync(new byte[ReadFirst]);
        var writtenByThen = record!.ResponseBytes;
        var rest = await CountAsync(body);

        Assert.InRange(writtenByThen, ReadFirst, TextLength / 2);
        Assert.InRange(ReadFirst + rest, TextLength, TextLength + 1024);
    }

    private static async Task<long> CountAsync(Stream stream)
    {
        var buffer = new byte[64 * 1024];
        long count = 0;
        for (var read = await stream.ReadAsync(buffer); read > 0; read = await stream.ReadAsync(buffer))
        {
            count += read;
        }

        return count;
    }
}
