using System.Net;
using System.Net.Sockets;
using Gateway.Api.Tests.Support;
using Task = System.Threading.Tasks.Task;

namespace Gateway.Api.Tests.Hosting;

/// <summary>The gateway as a process that may have few descriptors.</summary>
public sealed class DescriptorTests
{
    [Fact]
    public async Task Connections_ThatWouldTakeTheLastDescriptors_AreClosed_AndOneLineSaysSo()
    {
        await using var upstream = await RecordingUpstream.StartAsync(_ => new Clarifai.Api.MultiOutputResponse { Status = new() { Code = Clarifai.Api.Status.StatusCode.Success } });
        await using var gateway = await GatewayProcess.StartAsync(upstream.Address, descriptors: 500);
        var sockets = new List<TcpClient>();
        try
        {
            while (sockets.Count < 500)
            {
                sockets.Add(await RawHttp.ConnectAsync(gateway.Address));
            }

            var line = await gateway.LineAsync("descriptors");
            Assert.Contains("WRN The process runs out of descriptors (ulimit -n is 500): further connections are closed until others end.", line, StringComparison.Ordinal);

            // Who is in is served, and so is the way upstream.
            Assert.Equal(0, await RawHttp.ReadAsync(sockets[^1]));
            await sockets[0].Client.SendAsync("POST /v2/models/m/outputs HTTP/1.1\r\nHost: localhost\r\nAuthorization: Key k\r\nContent-Length: 2\r\n\r\n{}"u8.ToArray());
            Assert.True(await RawHttp.ReadAsync(sockets[0]) > 0);
            await gateway.LineAsync("POST /v2/models/{model_id}/outputs PostModelOutputs");
        }
        finally
        {
            sockets.ForEach(socket => socket.Dispose());
        }

        using var client = new HttpClient { BaseAddress = gateway.Address };
        while (!await IsServedAsync(client))
        {
        }

        await gateway.LineAsync("GET /healthz/live");
        Assert.Single(gateway.Output, line => line.Contains("descriptors", StringComparison.Ordinal));
    }

    // The others' ends are on their way.
    private static async Task<bool> IsServedAsync(HttpClient client)
    {
        try
        {
            using var answer = await client.GetAsync("/healthz/live");
            return answer.StatusCode == HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
