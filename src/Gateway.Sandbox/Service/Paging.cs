namespace Gateway.Sandbox.Service;

/// <summary>Cuts lists into pages as the API counts them: from page 1, 20 to a page unless asked otherwise, 1000 at most.</summary>
internal static class Paging
{
    private const uint DefaultSize = 20;
    private const uint MaxSize = 1000;

    public static IEnumerable<T> Page<T>(this IEnumerable<T> items, uint page, uint perPage)
    {
        var size = Math.Min(perPage == 0 ? DefaultSize : perPage, MaxSize);
        var skip = (Math.Max(page, 1) - 1L) * size;
        return items.Skip((int)Math.Min(skip, int.MaxValue)).Take((int)size);
    }
}
