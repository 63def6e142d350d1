namespace Gateway.Interop;

/// <summary>Prints a line for each case as it ends, and counts.</summary>
internal sealed class Report
{
    private int _passed;
    private int _failed;

    /// <summary>Whether all cases passed, and there were some.</summary>
    public bool IsGood => _failed == 0 && _passed > 0;

    /// <summary>Notes how a case ended.</summary>
    /// <param name="pair">Who was called, and how.</param>
    /// <param name="test">The case.</param>
    /// <param name="failure">Why it did not pass; null when it did.</param>
    public void Add(string pair, string test, string? failure)
    {
        Console.WriteLine($"{(failure is null ? "ok    " : "FAILED")} {pair}: {test}");
        if (failure is null)
        {
            _passed++;
            return;
        }

        _failed++;
        foreach (var line in failure.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            Console.WriteLine($"       {line}");
        }
    }

    public void WriteCount() => Console.WriteLine($"interop: {_passed} passed, {_failed} failed");
}
