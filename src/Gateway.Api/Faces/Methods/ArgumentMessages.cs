using System.Buffers;
using Clarifai.Api;
using Gateway.Api.Errors;
using Gateway.Api.Models;
using Gateway.Api.Streams;
using Gateway.Api.Tenancy;
using Gateway.Core.Methods;
using Gateway.Core.Wire;
using Google.Protobuf;

namespace Gateway.Api.Faces.Methods;

/// <summary>
/// The messages of a call to a two-way method: each an object of arguments. The first has all of them and the first item of what
/// streams; later ones have the next item.
/// </summary>
internal sealed class ArgumentMessages : IMessageReader, IDisposable
{
    private readonly ReadOnlyMemory<byte> _head;
    private readonly LiveCall _live;
    private readonly WireWriter _wire;
    private readonly ArgumentReader _arguments;
    private bool _isLater;

    /// <summary>Prepares to read.</summary>
    /// <param name="head">A request to run the model, without inputs.</param>
    /// <param name="method">What is called.</param>
    /// <param name="live">The call, as tenants know it.</param>
    /// <param name="arguments">Writes arguments.</param>
    public ArgumentMessages(PostModelOutputsRequest head, ModelMethod method, LiveCall live, ArgumentFactory arguments)
    {
        _live = live;
        _head = head.ToByteArray();
        _wire = arguments.NewWire();
        _arguments = arguments.NewReader(method, _wire);
        MaxBytes = arguments.MaxBytes;
    }

    public long MaxBytes { get; }

    public ReadOnlySequence<byte> Message => _wire.Written;

    public bool IsAtEnd => _arguments.IsAtEnd;

    public void Begin()
    {
        _wire.Reset();
        _wire.WriteBytes(_head.Span);
        _arguments.Begin(_isLater);
    }

    public bool Feed(ReadOnlySpan<byte> chunk) => _arguments.Feed(chunk);

    public bool FeedValue(ReadOnlySpan<byte> chunk, out int consumed) => _arguments.FeedValue(chunk, out consumed);

    public ApiError? Complete()
    {
        _arguments.Complete();
        _isLater = true;
        return _arguments.Error is { } unreadable ? ApiErrors.Unreadable(unreadable)
            : _arguments.IsBatch ? MethodErrors.NoArguments
            : MethodErrors.In(_arguments) ?? _live.Check(Message);
    }

    public void Dispose()
    {
        _arguments.Dispose();
        _wire.Dispose();
    }
}
