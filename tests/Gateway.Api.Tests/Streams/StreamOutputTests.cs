using System.Text;
using Gateway.Api.Configuration;
using Gateway.Api.Logging;
using Gateway.Api.Streams;
using Gateway.Api.Tests.Support;
using Gateway.Core.Json;
using Gateway.Testing;
using Google.Protobuf;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.ObjectPool;
using static Gateway.Api.Tests.Support.StreamTesting;

namespace Gateway.Api.Tests.Streams;

/// <summary>When the records of a stream go out.</summary>
public sealed class StreamOutputTests : IDisposable
{
    private const string Separator = "\n\n";

    private static readonly string[] Texts = ["one", "two", "three"];

    private readonly ManualTimeProvider _clock = new();
    private readonly HeartbeatWheel _wheel;
    private readonly MemoryStream _sent = new();
    private readonly DefaultHttpContext _http = new();

    public StreamOutputTests()
    {
        _wheel = new HeartbeatWheel(_clock);
        _http.Features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(_sent));
        _http.Features.Set(new RequestRecord(started: 0));
    }

    public void Dispose() => _wheel.Dispose();

    /// <summary>A chunk of HTTP/1.1 is what is sent at once. The messages come in one frame of HTTP/2, so that none is waited for.</summary>
    [Fact]
    public async Task Messages_ThatAreThere_AreSentAtOnceAndWithoutTheNext()
    {
        var end = new TaskCompletionSource();
        await using var upstream = await RecordingUpstream.StartAsync(async call =>
        {
            await call.WriteAllAsync([.. Texts.Select(text => Response(text).ToByteArray())]);
            await end.Task;
            return GrpcStatus.DefaultSuccess;
        });
        await using var gateway = GatewayHost.Start(upstream.Address);
        using var client = await RawHttp.ConnectAsync(gateway.Address);
        await using var stream = client.GetStream();
        using var reader = new StreamReader(stream, Encoding.ASCII);

        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $$"""POST {{Generate}} HTTP/1.1{{"\r\n"}}Host: gateway{{"\r\n"}}Authorization: Key k{{"\r\n"}}Content-Length: 2{{"\r\n\r\n"}}{}"""));
        while (await reader.ReadLineAsync().WaitAsync(Limit) is not "")
        {
            // The headers.
        }

        var chunk = await ReadChunkAsync(reader).WaitAsync(Limit);
        end.SetResult();

        Assert.Equal(Texts, Records("text/event-stream", chunk).Select(record => TextOf(record.ToJsonString())));
    }

    [Fact]
    public async Task Records_ThatNeverPause_AreSentBeforeTheyAreMany()
    {
        const int many = 10_000;
        var record = StreamRecord.OfJson(Encoding.UTF8.GetBytes($"\"{new string('a', 100)}\""));
        await using var output = Output();

        long most = 0;
        for (var i = 0; i < many; i++)
        {
            var before = _sent.Length;
            Assert.True(await output.WriteAsync(record));
            most = Math.Max(most, _sent.Length - before);
        }

        Assert.InRange(most, 1, 17 * 1024);
        Assert.True(_sent.Length > many * 100 - most);
    }

    [Fact]
    public async Task Record_ThatIsNotSentYet_CannotBeWithdrawnAndGoesOutBeforeTheLast()
    {
        await using var output = Output();

        Assert.True(await output.WriteAsync(StreamRecord.OfJson("1"u8.ToArray())));
        Assert.Equal(0, _sent.Length);
        Assert.False(await output.TryWithdrawAsync());
        await output.EndAsync(failure: null);

        Assert.StartsWith($"id: 1\ndata: 1{Separator}id: 2\nevent: done\ndata: ", Encoding.UTF8.GetString(_sent.ToArray()), StringComparison.Ordinal);
    }

    private StreamOutput Output()
    {
        var writers = new DefaultObjectPool<ResponseWriter>(new WriterPolicy());
        return new StreamOutput(_http, StreamFormat.For(_http.Request), position: 0, new StreamOptions(), writers, _wheel, _clock);
    }

    private static async Task<string> ReadChunkAsync(StreamReader reader)
    {
        var length = int.Parse((await reader.ReadLineAsync())!, System.Globalization.NumberStyles.HexNumber, System.Globalization.CultureInfo.InvariantCulture);
        var chunk = new char[length];
        await reader.ReadBlockAsync(chunk);
        return new string(chunk);
    }

    private sealed class WriterPolicy : PooledObjectPolicy<ResponseWriter>
    {
        public override ResponseWriter Create() => new(JsonLimits.Default);

        public override bool Return(ResponseWriter obj)
        {
            obj.Reset();
            return true;
        }
    }
}
