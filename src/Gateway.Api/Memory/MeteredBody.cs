using System.Buffers;
using System.IO.Pipelines;
using Gateway.Api.Errors;
using Microsoft.AspNetCore.Http.Features;

namespace Gateway.Api.Memory;

/// <summary>A request's body, of which every byte that arrives is taken from the budget before anybody gets to read it.</summary>
/// <param name="body">The body.</param>
/// <param name="share">What the request holds.</param>
internal sealed class MeteredBody(PipeReader body, ByteShare share) : PipeReader, IRequestBodyPipeFeature
{
    private ReadOnlySequence<byte> _buffer;
    private long _seen; // of what was not consumed: it was taken before

    public PipeReader Reader => this;

    /// <exception cref="BodyRefusedException">The budget is used up, and stayed so.</exception>
    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        var reading = body.ReadAsync(cancellationToken);
        if (reading.IsCompletedSuccessfully)
        {
            var result = reading.Result;
            return share.TryTake(Arrived(result)) ? ValueTask.FromResult(Note(result)) : TakeAsync(result, cancellationToken);
        }

        return ReadSlowlyAsync(reading, cancellationToken);
    }

    public override bool TryRead(out ReadResult result)
    {
        if (!body.TryRead(out result))
        {
            return false;
        }

        // Who reads so cannot wait.
        share.Add(Arrived(result));
        Note(result);
        return true;
    }

    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        _seen = _buffer.Slice(consumed).Length;
        _buffer = default;
        body.AdvanceTo(consumed, examined);
    }

    public override void CancelPendingRead() => body.CancelPendingRead();

    public override void Complete(Exception? exception = null) => body.Complete(exception);

    private async ValueTask<ReadResult> ReadSlowlyAsync(ValueTask<ReadResult> reading, CancellationToken cancellationToken)
    {
        var result = await reading;
        return share.TryTake(Arrived(result)) ? Note(result) : await TakeAsync(result, cancellationToken);
    }

    private async ValueTask<ReadResult> TakeAsync(ReadResult result, CancellationToken cancellationToken)
    {
        if (await share.TakeAsync(Arrived(result), cancellationToken))
        {
            return Note(result);
        }

        body.AdvanceTo(result.Buffer.Start);
        if (share.QuotaRefusal(Arrived(result)) is { } refusal)
        {
            throw new BodyRefusedException(ApiErrors.LimitExceeded(refusal));
        }

        throw new BodyRefusedException(share.Exceeds(Arrived(result)) ? ApiErrors.LargerThanMemory(share.Largest) : ApiErrors.OutOfMemory);
    }

    private long Arrived(in ReadResult result) => (result.Buffer.Length - _seen) * share.Weight;

    private ReadResult Note(in ReadResult result)
    {
        _buffer = result.Buffer;
        return result;
    }
}
