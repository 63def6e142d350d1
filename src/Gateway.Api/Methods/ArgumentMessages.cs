using System.Buffers;
using System.Text.Json;
using Clarifai.Api;
using Gateway.Api.Errors;
using Gateway.Api.Streaming;
using Gateway.Api.Tenancy;
using Gateway.Core.Json;
using Gateway.Core.Methods;
using Google.Protobuf;

namespace Gateway.Api.Methods;

/// <summary>
/// The messages of a call to a two-way method: each an object of arguments. The first has all of them and the first item of what
/// streams; later ones have the next item.
/// </summary>
/// <param name="request">A request to run the model, without inputs.</param>
/// <param name="method">What is called.</param>
/// <param name="live">The call, as tenants know it.</param>
/// <param name="services">What all routes of methods share.</param>
internal sealed class ArgumentMessages(PostModelOutputsRequest request, ModelMethod method, LiveCall live, MethodServices services) : IMessageReader, IDisposable
{
    private readonly JsonTextReader _text = new(services.Calls.JsonLimits, services.Calls.Segments);
    private bool _isLater;

    /// <inheritdoc/>
    public long MaxBytes => services.Calls.Limits.MaxBodyBytes;

    /// <inheritdoc/>
    public ReadOnlySequence<byte> Message { get; private set; }

    /// <inheritdoc/>
    public bool IsAtEnd => _text.IsAtEnd;

    /// <inheritdoc/>
    public void Begin() => _text.Begin();

    /// <inheritdoc/>
    public bool Feed(ReadOnlySpan<byte> chunk) => _text.Feed(chunk);

    /// <inheritdoc/>
    public bool FeedValue(ReadOnlySpan<byte> chunk, out int consumed) => _text.FeedValue(chunk, out consumed);

    /// <inheritdoc/>
    public ApiError? Complete()
    {
        using var json = _text.Complete();
        if (json is null)
        {
            return ApiErrors.Unreadable(_text.Error!);
        }

        if (json.RootElement.ValueKind != JsonValueKind.Object)
        {
            return MethodErrors.NoArguments;
        }

        var arguments = new ArgumentSet(method, services.Arguments);
        if ((arguments.AddAll(json.RootElement) ?? arguments.Missing(_isLater)) is { } error)
        {
            return MethodErrors.Argument(error);
        }

        request.Inputs.Clear();
        request.Inputs.Add(arguments.Input);
        Message = new ReadOnlySequence<byte>(request.ToByteArray());
        _isLater = true;
        return live.Check(Message);
    }

    /// <inheritdoc/>
    public void Dispose() => _text.Dispose();
}
