using System.Text;
using BenchmarkDotNet.Attributes;
using Clarifai.Api;
using Gateway.Bench.Workloads;
using Gateway.Core.Json;
using Gateway.Core.Schema;
using Gateway.Core.Transcoding;
using Gateway.Core.Wire;

namespace Gateway.Benchmarks;

/// <summary>Wire bytes to JSON as it goes to a socket.</summary>
public class ResponseBenchmarks : IDisposable
{
    private readonly MessagePlan _plan = ApiSchema.Compile(ServiceReflection.Descriptor.Services[0], JsonDialect.Clarifai).Rpc("PostModelOutputs").Response;
    private readonly ProtoToJson _transcoder = new(JsonLimits.Default);
    private readonly WireWriter _json = new();
    private byte[] _wire = [];

    [Params("W1", "W2", "W4")]
    public string Name { get; set; } = "";

    [GlobalSetup]
    public void SetUp() => _wire = Workload.Named(Name).ResponseWires[0];

    [GlobalCleanup]
    public void Dispose()
    {
        _transcoder.Dispose();
        _json.Dispose();
        GC.SuppressFinalize(this);
    }

    [Benchmark]
    public long Gateway()
    {
        _json.Reset();
        _transcoder.Begin(_plan, _wire);
        while (!_transcoder.Continue(_json))
        {
        }

        return _transcoder.Error is null ? _json.Length : throw new InvalidOperationException(_transcoder.Error.ToString());
    }

    /// <summary>As everybody writes it: a message object, a string, its bytes.</summary>
    [Benchmark(Baseline = true)]
    public byte[] Google() => Encoding.UTF8.GetBytes(ApiJson.Formatter.Format(MultiOutputResponse.Parser.ParseFrom(_wire)));
}
