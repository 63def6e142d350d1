using System.Buffers;
using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace Gateway.Grpc;

/// <summary>
/// Headers or trailers of a call: ordered, multi-valued, with lower-case keys. Not safe for concurrent changes.
/// Keys are <c>0-9 a-z _ - .</c>; a key that ends in <c>-bin</c> holds bytes, any other holds printable ASCII.
/// </summary>
[SuppressMessage("Naming", "CA1710", Justification = "Metadata is what gRPC calls it.")]
public sealed class Metadata : IReadOnlyCollection<MetadataEntry>
{
    private const string BinarySuffix = "-bin";

    // gRPC over HTTP2, "Header-Name"; upper case is folded before this is asked.
    private static readonly SearchValues<char> KeyCharacters = SearchValues.Create("0123456789abcdefghijklmnopqrstuvwxyz_-.");

    private readonly List<MetadataEntry> _entries = [];

    /// <summary>The number of entries.</summary>
    public int Count => _entries.Count;

    /// <summary>Whether a key names binary values.</summary>
    public static bool IsBinaryKey(string key) => key.EndsWith(BinarySuffix, StringComparison.OrdinalIgnoreCase);

    /// <summary>Adds a text value.</summary>
    /// <exception cref="ArgumentException">The key or the value cannot travel as ASCII metadata.</exception>
    public void Add(string key, string value)
    {
        if (!TryAdd(key, value)) throw new ArgumentException("not an ASCII metadata key with printable ASCII as its value", nameof(key));
    }

    /// <summary>Adds a text value, unless the key or the value cannot travel as ASCII metadata.</summary>
    /// <returns>Whether it was added.</returns>
    public bool TryAdd(string key, string value)
    {
        string folded = key.ToLowerInvariant();
        if (!IsKey(folded) || IsBinaryKey(folded) || value.AsSpan().ContainsAnyExceptInRange(' ', '~')) return false;
        _entries.Add(new MetadataEntry(folded, value));
        return true;
    }

    /// <summary>Adds a binary value; the bytes are not copied and must not change.</summary>
    /// <exception cref="ArgumentException">The key is not a metadata key that ends in <c>-bin</c>.</exception>
    public void AddBinary(string key, ReadOnlyMemory<byte> value)
    {
        string folded = key.ToLowerInvariant();
        if (!IsKey(folded) || !IsBinaryKey(folded)) throw new ArgumentException("not a metadata key that ends in -bin", nameof(key));
        _entries.Add(new MetadataEntry(folded, value));
    }

    /// <summary>Adds an entry of other metadata.</summary>
    public void Add(MetadataEntry entry) => _entries.Add(entry);

    /// <summary>The last text value of a key, or null; the key's case does not matter.</summary>
    public string? GetValue(string key) => Last(key) is { IsBinary: false } entry ? entry.Text : null;

    /// <summary>The last binary value of a key, or null; the key's case does not matter.</summary>
    public ReadOnlyMemory<byte>? GetBinary(string key) => Last(key) is { IsBinary: true } entry ? (ReadOnlyMemory<byte>?)entry.Bytes : null;

    /// <summary>The entries in their order.</summary>
    public List<MetadataEntry>.Enumerator GetEnumerator() => _entries.GetEnumerator();

    IEnumerator<MetadataEntry> IEnumerable<MetadataEntry>.GetEnumerator() => _entries.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => _entries.GetEnumerator();

    private static bool IsKey(string key) => key.Length > 0 && !key.AsSpan().ContainsAnyExcept(KeyCharacters);

    private MetadataEntry? Last(string key)
    {
        for (int i = _entries.Count - 1; i >= 0; i--)
        {
            if (_entries[i].Key.Equals(key, StringComparison.OrdinalIgnoreCase)) return _entries[i];
        }

        return null;
    }
}
