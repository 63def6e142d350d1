namespace Gateway.Grpc;

/// <summary>One key with one value; its text never prints, because it may be a credential.</summary>
public readonly struct MetadataEntry
{
    internal MetadataEntry(string key, string text)
    {
        Key = key;
        Text = text;
    }

    internal MetadataEntry(string key, ReadOnlyMemory<byte> bytes)
    {
        Key = key;
        Bytes = bytes;
        Text = "";
    }

    /// <summary>The key, in lower case.</summary>
    public string Key { get; }

    /// <summary>The value of an ASCII entry; empty for a binary one.</summary>
    public string Text { get; }

    /// <summary>The value of a binary entry; empty for an ASCII one.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>Whether the key ends in <c>-bin</c>, and the value therefore is <see cref="Bytes"/>.</summary>
    public bool IsBinary => Metadata.IsBinaryKey(Key);

    /// <summary>The key alone.</summary>
    public override string ToString() => Key;
}
