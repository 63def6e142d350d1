using System.Buffers;
using System.Buffers.Text;
using Gateway.Core.Wire;

namespace Gateway.Core.Json;

/// <summary>
/// Decodes base64 as it arrives, straight into the wire: the standard and the URL-safe alphabet, padded or not (ProtoJSON), in one line or
/// in many, as MIME has it (RFC 2045, section 6.8). Anything else, other white space included, is refused (RFC 4648, section 3.3).
/// </summary>
internal struct Base64Decoder
{
    private const int QuadLength = 4;
    private const int BytesPerQuad = 3;

    /// <summary>How far one character at a time goes after a vector pass stopped, so that mixed alphabets stay linear.</summary>
    private const int ScalarStretch = 64;

    private const sbyte Invalid = -1;
    private const byte Padding = (byte)'=';

    private static readonly sbyte[] Sextets = BuildSextets();

    private uint _bits;
    private int _pending;
    private int _padding;
    private bool _urlSafe;

    /// <summary>Decodes the next part; false when it is not base64.</summary>
    public bool TryAppend(ReadOnlySpan<byte> text, WireWriter output)
    {
        while (text.Length > 0)
        {
            var lineBreak = text.IndexOfAny((byte)'\r', (byte)'\n');
            var line = lineBreak < 0 ? text : text[..lineBreak];
            if (!TryAppendLine(line, output))
            {
                return false;
            }

            text = text[(lineBreak < 0 ? text.Length : lineBreak + 1)..];
        }

        return true;
    }

    /// <summary>Ends the value: writes what an unpadded end leaves; false when the value stops inside of a byte.</summary>
    public bool TryEnd(WireWriter output)
    {
        var pending = _pending;
        var complete = pending != 1 && (_padding == 0 || pending + _padding == QuadLength);
        if (complete && pending > 0)
        {
            var bits = _bits << (6 * (QuadLength - pending));
            output.WriteByte((byte)(bits >> 16));
            if (pending == 3)
            {
                output.WriteByte((byte)(bits >> 8));
            }
        }

        this = default;
        return complete;
    }

    private bool TryAppendLine(ReadOnlySpan<byte> text, WireWriter output)
    {
        while (text.Length > 0)
        {
            var vectored = _pending == 0 && _padding == 0 ? DecodeQuads(text, output) : 0;
            if (vectored < 0)
            {
                return false;
            }

            text = text[vectored..];
            var stretch = Math.Min(text.Length, _pending > 0 ? QuadLength - _pending : ScalarStretch);
            if (!TryAppendScalar(text[..stretch], output))
            {
                return false;
            }

            text = text[stretch..];
        }

        return true;
    }

    /// <summary>Decodes whole quads of one alphabet in vectors, up to anything else; -1 when it met white space.</summary>
    private readonly int DecodeQuads(ReadOnlySpan<byte> text, WireWriter output)
    {
        var done = 0;
        var status = OperationStatus.DestinationTooSmall;
        while (status == OperationStatus.DestinationTooSmall && text.Length - done >= QuadLength)
        {
            var quads = text[done..(text.Length & ~(QuadLength - 1))];
            var target = output.GetSpan(BytesPerQuad);
            status = _urlSafe
                ? Base64Url.DecodeFromUtf8(quads, target, out var consumed, out var written, isFinalBlock: false)
                : Base64.DecodeFromUtf8(quads, target, out consumed, out written, isFinalBlock: false);

            // The framework's decoders skip white space; then they have read more than they have written.
            if (consumed % QuadLength != 0 || written != consumed / QuadLength * BytesPerQuad)
            {
                return -1;
            }

            output.Advance(written);
            done += consumed;
        }

        return done;
    }

    private bool TryAppendScalar(ReadOnlySpan<byte> text, WireWriter output)
    {
        foreach (var next in text)
        {
            if (next == Padding)
            {
                _padding++;
                if (_pending < 2 || _pending + _padding > QuadLength)
                {
                    return false;
                }

                continue;
            }

            var sextet = Sextets[next];
            if (sextet == Invalid || _padding > 0)
            {
                return false;
            }

            _urlSafe = next is (byte)'-' or (byte)'_' || (_urlSafe && next is not (byte)'+' and not (byte)'/');
            _bits = (_bits << 6) | (byte)sextet;
            if (++_pending == QuadLength)
            {
                WriteTriple(output);
            }
        }

        return true;
    }

    private void WriteTriple(WireWriter output)
    {
        var target = output.GetSpan(BytesPerQuad);
        target[0] = (byte)(_bits >> 16);
        target[1] = (byte)(_bits >> 8);
        target[2] = (byte)_bits;
        output.Advance(BytesPerQuad);
        (_bits, _pending) = (0, 0);
    }

    private static sbyte[] BuildSextets()
    {
        var sextets = new sbyte[256];
        Array.Fill(sextets, Invalid);
        var alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"u8;
        for (var i = 0; i < alphabet.Length; i++)
        {
            sextets[alphabet[i]] = (sbyte)i;
        }

        sextets['-'] = sextets['+'];
        sextets['_'] = sextets['/'];
        return sextets;
    }
}
