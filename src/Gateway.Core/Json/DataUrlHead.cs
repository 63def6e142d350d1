namespace Gateway.Core.Json;

/// <summary>
/// Passes over the head of a URL that holds its content as base64 (RFC 2397), as in <c>data:image/png;base64,</c>, as the text arrives.
/// Text that does not begin with <c>data:</c> has none: it is base64 from its first character on.
/// </summary>
internal struct DataUrlHead
{
    // Of media types and their parameters; a bound, not a rule.
    private const int MaxLength = 256;

    private const byte End = (byte)',';

    private int _length;
    private int _marked;
    private bool _isPassed;

    /// <summary>What a URL that holds its content begins with.</summary>
    private static ReadOnlySpan<byte> Scheme => "data:"u8;

    private static ReadOnlySpan<byte> Marker => ";base64"u8;

    /// <summary>Takes the next part of the text.</summary>
    /// <param name="text">The part; what is left of it is content.</param>
    /// <param name="held">Content that came in earlier parts, and stands in front of what is left.</param>
    /// <returns>False when it is a URL whose content is not base64, or is none.</returns>
    public bool TryPass(ref ReadOnlySpan<byte> text, out ReadOnlySpan<byte> held)
    {
        held = [];
        while (!_isPassed && text.Length > 0)
        {
            var next = text[0];
            if (_length < Scheme.Length && next != Scheme[_length])
            {
                _isPassed = true;
                held = Scheme[.._length];
                return true;
            }

            text = text[1..];
            if (_length >= Scheme.Length && next == End)
            {
                _isPassed = true;
                return _marked == Marker.Length;
            }

            _marked = _marked < Marker.Length && next == Marker[_marked] ? _marked + 1 : next == Marker[0] ? 1 : 0;
            if (++_length > MaxLength)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Ends the text.</summary>
    /// <param name="held">Content that came, and was not given out yet.</param>
    /// <returns>False when it is a URL that ends before its content.</returns>
    public readonly bool TryEnd(out ReadOnlySpan<byte> held)
    {
        held = _isPassed || _length >= Scheme.Length ? [] : Scheme[.._length];
        return _isPassed || _length < Scheme.Length;
    }
}
