using Gateway.Core.Json;
using Gateway.Core.Schema;
using Gateway.Core.Wire;

namespace Gateway.Core.Transcoding;

/// <summary>
/// Writes string and bytes values as their text arrives, in one part or in many. Answers null, or what is wrong with the text.
/// </summary>
internal sealed class TextToWire(JsonLimits limits)
{
    private WireWriter _output = null!;
    private Base64Decoder _base64;
    private DataUrlHead _head;
    private bool _isBase64;
    private bool _mayBeUrl;
    private int _slots;
    private int _length;

    /// <summary>Whether a value has begun and not ended.</summary>
    public bool IsOpen { get; private set; }

    public void Reset(WireWriter output)
    {
        _output = output;
        IsOpen = false;
    }

    /// <summary>Takes a value that is at hand as a whole.</summary>
    public JsonFault? Write(FieldPlan field, ReadOnlySpan<byte> text)
    {
        if (text.Length == 0 && field.LeavesOutZero)
        {
            return null;
        }

        if (field.Kind == FieldKind.String && text.Length <= limits.MaxStringBytes)
        {
            _output.WriteTag(field.Tag);
            _output.WriteLengthDelimited(text);
            return null;
        }

        Begin(field);
        return Append(text) ?? End();
    }

    /// <summary>Begins a value of a field that holds text: string, bytes, their wrappers, or <c>Value</c>.</summary>
    public void Begin(FieldPlan field)
    {
        var holder = field;
        var outer = 0;
        if (field.Kind is FieldKind.Wrapper or FieldKind.Value)
        {
            outer = _output.BeginMessage(field);
            holder = field.Kind == FieldKind.Wrapper ? field.Message!.Fields[0] : field.Message!.FieldByNumber(ValueFields.String)!;
        }

        _slots = outer + _output.BeginMessage(holder);
        _isBase64 = holder.Kind == FieldKind.Bytes;
        _mayBeUrl = holder.ReadsDataUrls;
        _base64 = default;
        _head = default;
        _length = 0;
        IsOpen = true;
    }

    public JsonFault? Append(ReadOnlySpan<byte> text)
    {
        if (_isBase64)
        {
            return TryAppendBase64(text) ? null : JsonFault.NotBase64;
        }

        _length += text.Length;
        if (_length > limits.MaxStringBytes)
        {
            return JsonFault.Limit($"a string of more than {limits.MaxStringBytes} bytes");
        }

        _output.WriteBytes(text);
        return null;
    }

    public JsonFault? End()
    {
        if (_isBase64 && !TryEndBase64())
        {
            return JsonFault.NotBase64;
        }

        _output.EndMessage(_slots);
        IsOpen = false;
        return null;
    }

    private bool TryAppendBase64(ReadOnlySpan<byte> text)
    {
        if (!_mayBeUrl)
        {
            return _base64.TryAppend(text, _output);
        }

        var content = text;
        return _head.TryPass(ref content, out var held) && _base64.TryAppend(held, _output) && _base64.TryAppend(content, _output);
    }

    private bool TryEndBase64() =>
        !_mayBeUrl
            ? _base64.TryEnd(_output)
            : _head.TryEnd(out var held) && _base64.TryAppend(held, _output) && _base64.TryEnd(_output);
}
