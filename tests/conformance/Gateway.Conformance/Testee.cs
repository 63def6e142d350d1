using System.Buffers;
using System.Text;
using Conformance;
using Gateway.Core.Json;
using Gateway.Core.Schema;
using Gateway.Core.Transcoding;
using Gateway.Core.Wire;
using Google.Protobuf;
using ProtobufTestMessages.Proto3;
using WireFormat = Conformance.WireFormat;

namespace Gateway.Conformance;

/// <summary>Answers the suite's requests with the gateway's two walkers, in the ProtoJSON dialect.</summary>
/// <param name="piece">How many bytes of JSON the walkers get, and are asked for, at a time.</param>
internal sealed class Testee(int piece) : IDisposable
{
    private static readonly JsonDialect Lenient = JsonDialect.ProtoJson with { IgnoresUnknownMembers = true, IgnoresUnknownEnumNames = true };

    private readonly MessagePlan _strict = Compile(JsonDialect.ProtoJson);
    private readonly MessagePlan _lenient = Compile(Lenient);
    private readonly JsonToProto _toProto = new(JsonLimits.Default);
    private readonly ProtoToJson _toJson = new(JsonLimits.Default);

    /// <summary>One test's answer: the message in the format asked for, why there is none, or that the test is not for us.</summary>
    public ConformanceResponse Answer(ConformanceRequest request)
    {
        if (request.MessageType == FailureSet.Descriptor.FullName)
        {
            // The first request of all, for failures to expect: the runner reads them from failures.txt.
            return new ConformanceResponse { ProtobufPayload = ByteString.Empty };
        }

        if (WhyNot(request) is { } reason)
        {
            return new ConformanceResponse { Skipped = reason };
        }

        var plan = request.TestCategory == TestCategory.JsonIgnoreUnknownParsingTest ? _lenient : _strict;
        return request.PayloadCase == ConformanceRequest.PayloadOneofCase.JsonPayload
            ? AnswerJson(plan, Encoding.UTF8.GetBytes(request.JsonPayload), request.RequestedOutputFormat)
            : AnswerProtobuf(plan, request.ProtobufPayload.Memory, request.RequestedOutputFormat);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _toProto.Dispose();
        _toJson.Dispose();
    }

    private static MessagePlan Compile(JsonDialect dialect) =>
        ApiSchema.Compile([TestMessagesProto3Reflection.Descriptor], dialect).Message(TestAllTypesProto3.Descriptor);

    private static string? WhyNot(ConformanceRequest request) => request switch
    {
        { MessageType: var type } when type != TestAllTypesProto3.Descriptor.FullName => "proto3 messages only",
        { PayloadCase: not (ConformanceRequest.PayloadOneofCase.JsonPayload or ConformanceRequest.PayloadOneofCase.ProtobufPayload) } => "JSON and protobuf only",
        { RequestedOutputFormat: not (WireFormat.Json or WireFormat.Protobuf) } => "JSON and protobuf only",
        _ => null,
    };

    private ConformanceResponse AnswerJson(MessagePlan plan, byte[] json, WireFormat format)
    {
        if (ToProto(plan, json, out var wire) is { } error)
        {
            return new ConformanceResponse { ParseError = error.ToString() };
        }

        if (format == WireFormat.Protobuf)
        {
            return new ConformanceResponse { ProtobufPayload = ByteString.CopyFrom(wire) };
        }

        error = ToJson(plan, wire, out var written);
        return error is null
            ? new ConformanceResponse { JsonPayload = Encoding.UTF8.GetString(written) }
            : new ConformanceResponse { SerializeError = error.ToString() };
    }

    private ConformanceResponse AnswerProtobuf(MessagePlan plan, ReadOnlyMemory<byte> wire, WireFormat format)
    {
        if (ToJson(plan, wire, out var json) is { } error)
        {
            return error.Kind == JsonErrorKind.NotRepresentable
                ? new ConformanceResponse { SerializeError = error.ToString() }
                : new ConformanceResponse { ParseError = error.ToString() };
        }

        if (format == WireFormat.Json)
        {
            return new ConformanceResponse { JsonPayload = Encoding.UTF8.GetString(json) };
        }

        error = ToProto(plan, json, out var rewritten);
        return error is null
            ? new ConformanceResponse { ProtobufPayload = ByteString.CopyFrom(rewritten) }
            : new ConformanceResponse { RuntimeError = $"does not read its own JSON: {error}" };
    }

    private JsonError? ToProto(MessagePlan plan, byte[] json, out byte[] wire)
    {
        using var output = new WireWriter();
        _toProto.Begin(plan, output);
        for (var at = 0; at < json.Length && _toProto.Feed(json.AsSpan(at, Math.Min(piece, json.Length - at))); at += piece)
        {
        }

        wire = _toProto.Complete() ? output.Written.ToArray() : [];
        return _toProto.Error;
    }

    private JsonError? ToJson(MessagePlan plan, ReadOnlyMemory<byte> wire, out byte[] json)
    {
        var output = new ArrayBufferWriter<byte>();
        _toJson.Begin(plan, wire);
        while (!_toJson.Continue(output, piece))
        {
        }

        json = output.WrittenSpan.ToArray();
        return _toJson.Error;
    }
}
