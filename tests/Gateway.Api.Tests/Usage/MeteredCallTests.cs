using Clarifai.Api.Status;
using Gateway.Api.Configuration;
using Gateway.Api.Usage;
using Gateway.Core.Upstream.Failures;
using Gateway.Store.Usage;
using Gateway.Testing;
using Google.Protobuf;

namespace Gateway.Api.Tests.Usage;

/// <summary>What of a call counts, and by which model.</summary>
public sealed class MeteredCallTests
{
    private readonly ManualTimeProvider _time = new();

    /// <summary>The last messages of streams repeat what is known of the prompt; what was written, each tells of itself.</summary>
    [Fact]
    public void Stream_CountsAsItComes_AndNothingTwice()
    {
        var usage = new TestUsage(_time);
        var request = TestUsage.Request();
        var (stream, _) = usage.Ask(request, "GenerateModelOutputs");
        Assert.Empty(usage.Book.Send());

        using var first = TestUsage.Answer(prompt: 7, completion: 1);
        using var next = TestUsage.Answer(prompt: 7, completion: 2, cached: 4);
        stream.Answer(first);
        Assert.Equal(
            new UsageRecord("kitchen", "ci", "u/a/m", new DateOnly(1970, 1, 1), new UsageAmounts(1, 1, request.CalculateSize(), first.Length, 7, 1, 0)),
            Assert.Single(usage.Book.Send()));
        stream.Answer(next);
        stream.Answer(next);
        stream.Complete(CallOutcome.OK);

        Assert.Equal(new UsageAmounts(0, 0, 0, 2 * next.Length, 0, 4, 4), Assert.Single(usage.Book.Send()).Amounts);
    }

    [Fact]
    public void TwoWayCall_IsOneRequest_WithTheInputsOfAllItsMessages()
    {
        var usage = new TestUsage(_time);
        var request = TestUsage.Request(inputs: 2);
        var (call, _) = usage.Ask(request, "StreamModelOutputs");
        using var answer = TestUsage.Answer();
        call.Answer(answer);
        Assert.Null(call.Ask(new(request.ToByteArray())));
        call.Complete(new CallOutcome(GrpcStatusCode.Cancelled));

        Assert.Equal(new UsageAmounts(1, 4, 2 * request.CalculateSize(), answer.Length, 0, 0, 0), Assert.Single(usage.Book.Send()).Amounts);
    }

    [Theory]
    [InlineData(GrpcStatusCode.Cancelled)] // who knows how far it came
    [InlineData(GrpcStatusCode.Internal)]
    public void Call_WithoutAnAnswer_Counts(GrpcStatusCode code)
    {
        var usage = new TestUsage(_time);
        usage.Ask().Call.Complete(new CallOutcome(code));

        Assert.Equal((1, 1), Assert.Single(usage.Book.Send()) is { Amounts: var amounts } ? (amounts.Requests, amounts.Inputs) : default);
    }

    [Fact]
    public void Call_ThatIsRefusedHere_CountsNothing()
    {
        var usage = new TestUsage(_time, new BudgetOptions { Inputs = 1 });
        Assert.NotNull(usage.Call(TestUsage.Request(inputs: 2)));
        usage.Ask().Call.Complete(new CallOutcome(GrpcStatusCode.ResourceExhausted) { TellsNothing = true }); // its turn did not come

        Assert.Empty(usage.Book.Send());
    }

    /// <summary>Clients choose the ids of models. One that is not there is a row of nobody's.</summary>
    [Fact]
    public void Models_HaveARow_OnceACallOfThemSucceeds()
    {
        var usage = new TestUsage(_time);
        usage.Call(TestUsage.Request(model: "typo"), TestUsage.Answer(code: StatusCode.ModelDoesNotExist));
        usage.Call(TestUsage.Request(model: new string('m', 500)));
        usage.Call(TestUsage.Request(model: "there"));
        usage.Call(TestUsage.Request(model: "there"), TestUsage.Answer(code: StatusCode.ModelPredictionFailed));

        Assert.Equal(
            [("(other)", 2L), ("u/a/there", 2L)],
            usage.Book.Send().Select(record => (record.Model, record.Amounts.Requests)).Order());
    }

    [Fact]
    public void Models_BeyondTheBound_AreNotToldApart_UntilOthersAreForgotten()
    {
        var usage = new TestUsage(_time);
        for (var model = 0; model < KeyUsage.MaxModels + 10; model++)
        {
            usage.Call(TestUsage.Request(model: $"m{model}"));
        }

        var records = usage.Book.Send();
        Assert.Equal(KeyUsage.MaxModels + 1, records.Count);
        Assert.Equal(10, records.Single(record => record.Model == KeyUsage.OtherModels).Amounts.Requests);

        _time.Advance(TimeSpan.FromDays(1));
        usage.Call(TestUsage.Request(model: "m0"));
        _time.Advance(TimeSpan.FromDays(1));
        usage.Call(TestUsage.Request(model: "new"));
        Assert.Equal(["u/a/m0", "u/a/new"], usage.Book.Send().Select(record => record.Model).Order());
    }

    [Theory]
    [InlineData(true, "Tenant kitchen may have 1 streams at a time.")]
    [InlineData(false, "Key ci of tenant kitchen may have 1 streams at a time.")]
    public void Streams_AtATime_AreBound(bool ofTenant, string reason)
    {
        var one = new RateOptions { Streams = 1 };
        var usage = ofTenant ? new TestUsage(_time, tenantLimits: one) : new TestUsage(_time, keyLimits: one);
        var (stream, _) = usage.Ask(rpc: "GenerateModelOutputs");

        Assert.Equal(reason, usage.Call(rpc: "StreamModelOutputs")!.Reason);
        Assert.Null(usage.Call());
        Assert.Equal(reason, usage.Call(rpc: "GenerateModelOutputs")!.Reason);

        stream.Complete(new CallOutcome(GrpcStatusCode.Cancelled));
        Assert.Null(usage.Call(rpc: "StreamModelOutputs"));
        Assert.Null(usage.Call(rpc: "GenerateModelOutputs"));
    }

    [Theory]
    [InlineData(true, "Tenant kitchen may send 4 inputs a second.")]
    [InlineData(false, "Key ci of tenant kitchen may send 4 inputs a second.")]
    public void Inputs_ASecond_AreBound(bool ofTenant, string reason)
    {
        var four = new RateOptions { InputsPerSecond = 4 };
        var usage = ofTenant ? new TestUsage(_time, tenantLimits: four) : new TestUsage(_time, keyLimits: four);
        Assert.Null(usage.Call(TestUsage.Request(inputs: 2)));

        Assert.Equal(reason, usage.Call(TestUsage.Request(inputs: 1))!.Reason);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(usage.Call(TestUsage.Request(inputs: 2)));
        Assert.Equal(2, usage.Book.Send().Sum(record => record.Amounts.Requests));
    }
}
