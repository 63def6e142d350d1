using System.Buffers;
using System.Diagnostics.Metrics;
using Clarifai.Api;
using Clarifai.Api.Status;
using Gateway.Api.Admission;
using Gateway.Api.Configuration;
using Gateway.Api.Telemetry;
using Gateway.Api.Tenancy;
using Gateway.Api.Usage;
using Gateway.Core.Json;
using Gateway.Core.Schema;
using Gateway.Core.Upstream;
using Gateway.Core.Upstream.Calls;
using Gateway.Core.Upstream.Failures;
using Gateway.Protos;
using Gateway.Testing;
using Google.Protobuf;
using Microsoft.Extensions.Options;
using Status = Clarifai.Api.Status.Status;

namespace Gateway.Api.Tests.Usage;

/// <summary>A book of usage with a tenant <c>kitchen</c> that calls with the key <c>ci</c>, without a gateway around it.</summary>
internal sealed class TestUsage
{
    public static readonly ApiSchema Schema = ApiSchema.Compile(ApiDescriptors.Service, JsonDialect.Clarifai);
    public static readonly PredictionPlans Plans = new(Schema);

    /// <summary>An outcome of a call that reached nobody.</summary>
    public static readonly CallOutcome Unreached = new(GrpcStatusCode.Unavailable) { IsUnprocessed = true };

    private readonly CallMeter _meter;

    public TestUsage(TimeProvider time, BudgetOptions? budgets = null, RateOptions? tenantLimits = null, RateOptions? keyLimits = null, IMeterFactory? meters = null)
    {
        Book = new UsageBook(time);
        Tenant = Book.Of("kitchen");
        Tenant.Configure(budgets ?? new BudgetOptions());
        var limits = (Tenant: new AccountLimits("tenant", "tenant/kitchen", "Tenant kitchen", time), Key: new AccountLimits("key", "key/kitchen/ci", "Key ci of tenant kitchen", time));
        limits.Tenant.Configure(tenantLimits ?? new RateOptions());
        limits.Key.Configure(keyLimits ?? new RateOptions());
        _meter = new CallMeter(Tenant, "ci", limits.Tenant, limits.Key, Plans, NewTelemetry(meters ?? new RecordedMeters()));
    }

    public UsageBook Book { get; }

    public TenantUsage Tenant { get; }

    /// <summary>Accounts for a directory of tenants, which nothing is taken of.</summary>
    public static TenantAccounts NewAccounts() =>
        new(Options.Create(new GatewayOptions()), new UsageBook(TimeProvider.System), Plans, NewTelemetry(new RecordedMeters()), TimeProvider.System);

    /// <summary>What operators are told of calls.</summary>
    public static MeterTelemetry NewTelemetry(IMeterFactory meters) =>
        new(new ModelTelemetry(meters, Options.Create(new GatewayOptions())), new CredentialTelemetry(meters));

    /// <summary>A request with so many empty inputs.</summary>
    public static PostModelOutputsRequest Request(int inputs = 1, string model = "m") => new()
    {
        UserAppId = new UserAppIDSet { UserId = "u", AppId = "a" },
        ModelId = model,
        Inputs = { Enumerable.Range(0, inputs).Select(_ => new Input()) },
    };

    /// <summary>An answer with one output.</summary>
    public static Payload Answer(uint prompt = 0, uint completion = 0, uint cached = 0, StatusCode code = StatusCode.Success)
    {
        var response = new MultiOutputResponse
        {
            Status = new Status { Code = code },
            Outputs = { new Output { PromptTokens = prompt, CompletionTokens = completion, CachedTokens = cached } },
        };
        return Payload.CopyOf(new ReadOnlySequence<byte>(response.ToByteArray()), new ResponseStatus((int)code, 0, false, null));
    }

    /// <summary>Begins a call, and asks for it.</summary>
    public (IMeteredCall Call, CallRefusal? Refusal) Ask(IMessage? request = null, string rpc = "PostModelOutputs")
    {
        var call = _meter.Begin(Schema.Rpc(rpc), default);
        return (call, call.Ask(new ReadOnlySequence<byte>((request ?? Request()).ToByteArray())));
    }

    /// <summary>Makes a whole call.</summary>
    /// <returns>Why it was refused; null when it was not.</returns>
    public CallRefusal? Call(IMessage? request = null, Payload? answer = null, string rpc = "PostModelOutputs")
    {
        var (call, refusal) = Ask(request, rpc);
        if (refusal is null)
        {
            using var payload = answer ?? Answer();
            call.Answer(payload);
        }

        call.Complete(refusal is null ? CallOutcome.OK : new CallOutcome(GrpcStatusCode.ResourceExhausted));
        return refusal;
    }
}
