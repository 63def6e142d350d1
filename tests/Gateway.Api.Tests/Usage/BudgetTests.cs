using Clarifai.Api;
using Gateway.Api.Configuration;
using Gateway.Core.Upstream.Failures;
using Gateway.Testing;
using Task = System.Threading.Tasks.Task;

namespace Gateway.Api.Tests.Usage;

/// <summary>A budget is reserved before a call and settled behind it: never over, and never short of what was given back.</summary>
public sealed class BudgetTests
{
    private readonly ManualTimeProvider _time = new();

    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 2)]
    public async Task Calls_InParallel_NeverGoOver(int inputs, int everySo)
    {
        const int Limit = 1000;
        var usage = new TestUsage(TimeProvider.System, inputs == 1 ? new BudgetOptions { Requests = Limit } : new BudgetOptions { Inputs = Limit });
        var made = 0;

        await Task.WhenAll(Enumerable.Range(0, 4).Select(worker => Task.Run(() =>
        {
            for (var call = 0; call < Limit; call++)
            {
                // Some are given back, and may be made again.
                var (metered, refusal) = usage.Ask(TestUsage.Request(inputs));
                var isMade = refusal is null && call % everySo == 0;
                metered.Complete(isMade ? CallOutcome.OK : TestUsage.Unreached);
                Interlocked.Add(ref made, isMade ? 1 : 0);
            }
        })));

        Assert.Equal(Limit / inputs, made);
        Assert.Equal(made * inputs, usage.Book.Send().Sum(record => record.Amounts.Inputs));
    }

    [Fact]
    public void Call_ThatReachesNobody_GivesBack()
    {
        var usage = new TestUsage(_time, new BudgetOptions { Requests = 1, Bytes = 1000, PromptTokens = 1 });
        var (call, _) = usage.Ask();
        Assert.NotNull(usage.Call());

        call.Complete(TestUsage.Unreached);

        Assert.Empty(usage.Book.Send());
        Assert.Null(usage.Call());
    }

    [Fact]
    public void Budget_StartsAnew_WithTheMonth()
    {
        var usage = new TestUsage(_time, new BudgetOptions { Requests = 1 });
        Assert.Null(usage.Call());

        var refusal = usage.Call()!;
        Assert.Equal("Tenant kitchen has 0 of its monthly budget of 1 requests left; it starts anew on 1970-02-01.", refusal.Reason);
        Assert.Equal(TimeSpan.FromDays(31), refusal.RetryAfter);

        _time.Advance(refusal.RetryAfter - TimeSpan.FromTicks(1));
        Assert.NotNull(usage.Call());
        _time.Advance(TimeSpan.FromTicks(1));
        Assert.Null(usage.Call());
        Assert.Equal(["19700101", "19700201"], usage.Book.Send().Select(record => record.Day.ToString("yyyyMMdd", null)));
    }

    /// <summary>What a stream uses counts when it does, and what it has set aside in a month that is over is no business of the next.</summary>
    [Fact]
    public void Stream_OverTheEndOfAMonth_CountsInBoth()
    {
        var usage = new TestUsage(_time, new BudgetOptions { CompletionTokens = 10 });
        Assert.Null(usage.Call(answer: TestUsage.Answer(completion: 4)));
        var (stream, _) = usage.Ask(rpc: "GenerateModelOutputs");
        using var piece = TestUsage.Answer(completion: 3);
        stream.Answer(piece);

        _time.Advance(TimeSpan.FromDays(31));
        stream.Answer(piece);
        stream.Complete(CallOutcome.OK);

        Assert.Equal([7L, 3L], usage.Book.Send().Select(record => record.Amounts.CompletionTokens));
        Assert.Null(usage.Call(answer: TestUsage.Answer(completion: 7)));
        Assert.NotNull(usage.Call());
    }

    [Fact]
    public void Limit_ThatChanges_CountsAtOnce()
    {
        var usage = new TestUsage(_time);
        Assert.Null(usage.Call());

        usage.Tenant.Configure(new BudgetOptions { Requests = 1 });
        Assert.NotNull(usage.Call());
        usage.Tenant.Configure(new BudgetOptions { Requests = 2 });
        Assert.Null(usage.Call());
        Assert.NotNull(usage.Call());
        usage.Tenant.Configure(new BudgetOptions());
        Assert.Null(usage.Call());
    }

    /// <summary>Nobody knows before whether such a call takes tokens; once it is known that it does not, it needs none.</summary>
    [Fact]
    public void SpentTokens_StopCallsThatMayTakeSome_AndNoOthers()
    {
        var usage = new TestUsage(_time, new BudgetOptions { PromptTokens = 5 });
        var classifier = TestUsage.Request(model: "classifier");
        Assert.Null(usage.Call(classifier));
        Assert.Null(usage.Call(answer: TestUsage.Answer(prompt: 5)));

        Assert.Contains("5 prompt tokens", usage.Call()!.Reason, StringComparison.Ordinal);
        Assert.NotNull(usage.Call(TestUsage.Request(model: "unknown")));
        Assert.Null(usage.Call(classifier));
        Assert.Null(usage.Call(new GetModelRequest { ModelId = "m" }, rpc: "GetModel"));
    }

    /// <summary>A call sets aside what those before have used: so that calls at the same time do not all take the last of a budget.</summary>
    [Fact]
    public void Calls_AtTheSameTime_SetAsideWhatTheyAreLikelyToUse()
    {
        var usage = new TestUsage(_time, new BudgetOptions { CompletionTokens = 250 });
        Assert.Null(usage.Call(answer: TestUsage.Answer(completion: 100)));

        var (first, _) = usage.Ask();
        var (second, secondRefusal) = usage.Ask();
        var (third, thirdRefusal) = usage.Ask();

        Assert.Null(secondRefusal);
        Assert.Equal(TimeSpan.FromSeconds(1), thirdRefusal!.RetryAfter); // the others may not use all that they have set aside
        first.Complete(TestUsage.Unreached);
        Assert.Null(usage.Ask().Refusal);
        second.Complete(TestUsage.Unreached);
        third.Complete(new CallOutcome(GrpcStatusCode.ResourceExhausted) { TellsNothing = true });
    }
}
