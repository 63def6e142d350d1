using System.Buffers;
using System.Collections.Concurrent;
using Gateway.Core.Schema;
using Gateway.Core.Upstream;
using Gateway.Core.Upstream.Calls;
using Gateway.Core.Upstream.Failures;

namespace Gateway.Core.Tests.Upstream.Support;

/// <summary>Writes down what it is told of calls, and refuses what a test says.</summary>
internal sealed class RecordingMeter(Func<ReadOnlySequence<byte>, CallRefusal?>? refuse = null) : ICallMeter
{
    public ConcurrentQueue<Call> Calls { get; } = new();

    public IMeteredCall Begin(RpcPlan rpc, in UpstreamCall origin)
    {
        var call = new Call(rpc, refuse);
        Calls.Enqueue(call);
        return call;
    }

    internal sealed class Call(RpcPlan rpc, Func<ReadOnlySequence<byte>, CallRefusal?>? refuse) : IMeteredCall
    {
        public RpcPlan Rpc => rpc;

        public List<byte[]> Asked { get; } = [];

        public List<byte[]> Answered { get; } = [];

        public List<CallOutcome> Completed { get; } = [];

        public CallRefusal? Ask(in ReadOnlySequence<byte> request)
        {
            Assert.Empty(Completed);
            Asked.Add(request.ToArray());
            return refuse?.Invoke(request);
        }

        public void Answer(Payload message)
        {
            Assert.Empty(Completed);
            Answered.Add(message.Span.ToArray());
        }

        public void Complete(in CallOutcome outcome) => Completed.Add(outcome);
    }
}
