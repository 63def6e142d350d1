using System.Buffers;
using BenchmarkDotNet.Attributes;
using Clarifai.Api;
using Gateway.Api.Admission;
using Gateway.Api.Configuration;
using Gateway.Api.Usage;
using Gateway.Bench.Workloads;
using Gateway.Core.Json;
using Gateway.Core.Schema;
using Gateway.Core.Upstream.Calls;
using Gateway.Core.Upstream.Failures;

namespace Gateway.Benchmarks;

/// <summary>What it costs to count a call, and to hold it to the budgets of its tenant: once for each message that comes.</summary>
public class MeteringBenchmarks : IDisposable
{
    private CallMeter _meter = null!;
    private RpcPlan _rpc = null!;
    private byte[] _wire = [];
    private Payload[] _answers = [];

    [Params("W1", "W2", "W4")]
    public string Name { get; set; } = "";

    [GlobalSetup]
    public void SetUp()
    {
        var workload = Workload.Named(Name);
        var schema = ApiSchema.Compile(ServiceReflection.Descriptor.Services[0], JsonDialect.Clarifai);
        _rpc = schema.Rpc(workload.IsStream ? "GenerateModelOutputs" : "PostModelOutputs");
        _wire = workload.Wire;
        _answers = [.. workload.ResponseWires.Select(wire => Payload.CopyOf(new ReadOnlySequence<byte>(wire), default))];
        var limits = new AccountLimits("tenant", "tenant/t", "Tenant t", TimeProvider.System);
        var tenant = new UsageBook(TimeProvider.System).Of("t");
        tenant.Configure(new BudgetOptions { Requests = long.MaxValue / 4, Inputs = long.MaxValue / 4, CompletionTokens = long.MaxValue / 4 });
        _meter = new CallMeter(tenant, "k", limits, limits, new PredictionPlans(schema), Telemetry.OfNobody());
    }

    [GlobalCleanup]
    public void Dispose()
    {
        foreach (var answer in _answers)
        {
            answer.Dispose();
        }

        GC.SuppressFinalize(this);
    }

    [Benchmark]
    public bool Gateway()
    {
        var call = _meter.Begin(_rpc, default);
        var isRefused = call.Ask(new ReadOnlySequence<byte>(_wire)) is not null;
        foreach (var answer in _answers)
        {
            call.Answer(answer);
        }

        call.Complete(CallOutcome.OK);
        return isRefused;
    }

    /// <summary>As everybody writes it, without the counting: message objects, to look into.</summary>
    [Benchmark(Baseline = true)]
    public long Google()
    {
        var sum = PostModelOutputsRequest.Parser.ParseFrom(_wire).Inputs.Count;
        foreach (var answer in _answers)
        {
            sum += MultiOutputResponse.Parser.ParseFrom(answer.Span).Outputs.Sum(output => (int)output.CompletionTokens);
        }

        return sum;
    }
}
