using System.Buffers;

namespace Gateway.Core.Json;

/// <summary>
/// The members' names of the objects that are open, to find the ones that are given twice. A name is kept as eight bytes: equal names have
/// equal hashes, so that none is missed, and sorting finds them, which cannot be flooded. Names that differ and hash alike are refused as
/// well: among a hundred thousand, at odds of one in a billion.
/// </summary>
internal sealed class JsonNames : IDisposable
{
    /// <summary>What is wrong with such an object.</summary>
    public const string GivenTwice = "a member is given twice";

    private readonly Stack<int> _starts = new();
    private ulong[] _hashes = [];
    private int _count;

    /// <summary>Looks at the next token of a text.</summary>
    /// <returns>False at the end of an object in which a name came twice.</returns>
    public bool Take(JsonTokenKind kind, ReadOnlySpan<byte> text)
    {
        switch (kind)
        {
            case JsonTokenKind.ObjectStart:
                _starts.Push(_count);
                return true;
            case JsonTokenKind.Name:
                Add(Hash(text));
                return true;
            case JsonTokenKind.ObjectEnd:
                return End(_starts.Pop());
            default:
                return true;
        }
    }

    /// <summary>Whether the innermost object has a member of a name.</summary>
    public bool Contains(ReadOnlySpan<byte> name) => _hashes.AsSpan(_starts.Peek().._count).Contains(Hash(name));

    /// <summary>Starts over with a new text.</summary>
    public void Reset()
    {
        _starts.Clear();
        _count = 0;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Reset();
        Grow(0);
    }

    private bool End(int start)
    {
        var names = _hashes.AsSpan(start.._count);
        _count = start;
        names.Sort();
        for (var i = 1; i < names.Length; i++)
        {
            if (names[i] == names[i - 1])
            {
                return false;
            }
        }

        return true;
    }

    private void Add(ulong hash)
    {
        if (_count == _hashes.Length)
        {
            Grow(Math.Max(64, _count * 2));
        }

        _hashes[_count++] = hash;
    }

    private void Grow(int size)
    {
        var larger = size == 0 ? [] : ArrayPool<ulong>.Shared.Rent(size);
        _hashes.AsSpan(0, _count).CopyTo(larger);
        if (_hashes.Length > 0)
        {
            ArrayPool<ulong>.Shared.Return(_hashes);
        }

        _hashes = larger;
    }

    // FNV-1a.
    private static ulong Hash(ReadOnlySpan<byte> name)
    {
        var hash = 0xcbf29ce484222325;
        foreach (var next in name)
        {
            hash = (hash ^ next) * 0x100000001b3;
        }

        return hash;
    }
}
