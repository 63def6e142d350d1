using System.Text;
using BenchmarkDotNet.Attributes;
using Clarifai.Api;
using Gateway.Bench.Workloads;
using Gateway.Core.Json;
using Gateway.Core.Schema;
using Gateway.Core.Transcoding;
using Gateway.Core.Wire;
using Google.Protobuf;

namespace Gateway.Benchmarks;

/// <summary>JSON as it comes from a socket to wire bytes.</summary>
public class RequestBenchmarks : IDisposable
{
    /// <summary>What one read of a request's body yields at most, about.</summary>
    private const int ChunkSize = 64 * 1024;

    private readonly MessagePlan _plan = ApiSchema.Compile(ServiceReflection.Descriptor.Services[0], JsonDialect.Clarifai).Rpc("PostModelOutputs").Request;
    private readonly JsonToProto _transcoder = new(JsonLimits.Default);
    private WireWriter _wire = null!;
    private SegmentPool _segments = null!;
    private byte[] _json = [];

    [Params("W1", "W2", "W3")]
    public string Name { get; set; } = "";

    [GlobalSetup]
    public void SetUp()
    {
        var workload = Workload.Named(Name);
        _json = workload.Body;
        _segments = new SegmentPool(TimeProvider.System);
        _wire = new WireWriter(_segments);
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _transcoder.Dispose();
        _wire.Dispose();
        _segments.Dispose();
        GC.SuppressFinalize(this);
    }

    [Benchmark]
    public long Gateway()
    {
        _wire.Reset();
        _transcoder.Begin(_plan, _wire);
        for (var at = 0; at < _json.Length; at += ChunkSize)
        {
            _transcoder.Feed(_json.AsSpan(at, Math.Min(ChunkSize, _json.Length - at)));
        }

        return _transcoder.Complete() ? _wire.Length : throw new InvalidOperationException(_transcoder.Error!.ToString());
    }

    /// <summary>As everybody writes it: the body as a string, a message object, its bytes.</summary>
    [Benchmark(Baseline = true)]
    public byte[] Google() => ApiJson.Parser.Parse<PostModelOutputsRequest>(Encoding.UTF8.GetString(_json)).ToByteArray();
}
