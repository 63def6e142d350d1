using System.Buffers;
using Gateway.Api.Errors;
using Gateway.Api.Streams;
using Gateway.Api.Tenancy;

namespace Gateway.Api.Faces.Rest;

/// <summary>Reads the request messages of one two-way call by its binding.</summary>
/// <param name="http">The request.</param>
/// <param name="live">The call.</param>
/// <param name="plan">The binding's plan.</param>
/// <param name="request">Reads the messages; stays the caller's.</param>
internal sealed class BoundMessageReader(HttpContext http, LiveCall live, RequestPlan plan, RequestReader request) : IMessageReader
{
    /// <inheritdoc/>
    public long MaxBytes => request.MaxBytes;

    /// <inheritdoc/>
    public ReadOnlySequence<byte> Message => request.Message;

    /// <inheritdoc/>
    public bool IsAtEnd => request.IsAtEnd;

    /// <inheritdoc/>
    public void Begin() => request.Begin(plan);

    /// <inheritdoc/>
    public bool Feed(ReadOnlySpan<byte> chunk) => request.Feed(chunk);

    /// <inheritdoc/>
    public bool FeedValue(ReadOnlySpan<byte> chunk, out int consumed) => request.FeedValue(chunk, out consumed);

    /// <inheritdoc/>
    public ApiError? Complete() => request.Complete(http, plan, live.Tenant) ?? live.Check(request.Message);
}
