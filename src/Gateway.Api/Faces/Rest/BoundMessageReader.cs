using System.Buffers;
using Gateway.Api.Errors;
using Gateway.Api.Streams;
using Gateway.Api.Tenancy;

namespace Gateway.Api.Faces.Rest;

/// <summary>Reads the request messages of one two-way call by its binding.</summary>
/// <param name="live">The call.</param>
/// <param name="request">Reads the messages; stays the caller's.</param>
internal sealed class BoundMessageReader(HttpContext http, LiveCall live, RequestPlan plan, RequestReader request) : IMessageReader
{
    public long MaxBytes => request.MaxBytes;

    public ReadOnlySequence<byte> Message => request.Message;

    public bool IsAtEnd => request.IsAtEnd;

    public void Begin() => request.Begin(http, plan);

    public bool Feed(ReadOnlySpan<byte> chunk) => request.Feed(chunk);

    public bool FeedValue(ReadOnlySpan<byte> chunk, out int consumed) => request.FeedValue(chunk, out consumed);

    public ApiError? Complete() => request.Complete(http, plan, live.Tenant) ?? live.Check(request.Message);
}
