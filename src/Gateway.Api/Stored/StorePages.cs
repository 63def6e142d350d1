using Gateway.Store.Definitions;

namespace Gateway.Api.Stored;

/// <summary>Lists in parts.</summary>
internal static class StorePages
{
    /// <summary>The most that a part may have.</summary>
    public const int MaxCount = 1000;

    /// <summary>Reads a part; where it is to begin may be nonsense.</summary>
    public static async Task<OperationResult<StorePage<T>>> ReadAsync<T>(Func<Task<StorePage<T>>> read)
    {
        try
        {
            return await read();
        }
        catch (ArgumentException)
        {
            return OperationFault.Invalid("after", "after is what the part of the list before it has as next.");
        }
    }

    /// <summary>Reads all parts, one after the other.</summary>
    public static async Task<OperationResult<List<T>>> ReadAllAsync<T>(Func<string?, Task<OperationResult<StorePage<T>>>> read)
    {
        var all = new List<T>();
        string? after = null;
        do
        {
            var part = await read(after);
            if (part.Fault is { } fault)
            {
                return fault;
            }

            all.AddRange(part.Value!.Items);
            after = part.Value.Next;
        }
        while (after is not null);

        return all;
    }
}
