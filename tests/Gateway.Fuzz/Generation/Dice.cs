namespace Gateway.Fuzz.Generation;

/// <summary>Random choices that all come from one seed (SplitMix64), the same on every platform and for all time.</summary>
internal sealed class Dice(ulong seed)
{
    private const ulong Step = 0x9E3779B97F4A7C15;

    private ulong _state = seed;

    /// <summary>The dice of one case: cases of neighbouring numbers have nothing in common.</summary>
    public static Dice Of(ulong seed, long number) => new(new Dice(seed ^ new Dice((ulong)number).Next()).Next());

    public ulong Next()
    {
        var mixed = _state += Step;
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return mixed ^ (mixed >> 31);
    }

    /// <summary>A number from 0 to one below the bound.</summary>
    public int Below(int bound) => (int)(Next() % (uint)bound);

    /// <summary>A number between the bounds, both included.</summary>
    public int Between(int low, int high) => low + Below(high - low + 1);

    public bool OneIn(int count) => Below(count) == 0;

    public T Pick<T>(params ReadOnlySpan<T> choices) => choices[Below(choices.Length)];

    public byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        for (var i = 0; i < count; i++)
        {
            bytes[i] = (byte)Next();
        }

        return bytes;
    }

    /// <summary>A small number mostly, now and then a large one.</summary>
    public int Size(int usual, int rare) => OneIn(40) ? Below(rare + 1) : Below(usual + 1);

    public void Shuffle<T>(IList<T> items)
    {
        for (var i = items.Count - 1; i > 0; i--)
        {
            var other = Below(i + 1);
            (items[i], items[other]) = (items[other], items[i]);
        }
    }
}
