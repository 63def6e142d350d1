using Gateway.Fuzz.Checks;

namespace Gateway.Fuzz;

/// <summary>Makes a finding's input as small as it gets while the same is wrong with it.</summary>
internal static class Minimizer
{
    private const int MaxTries = 20_000;

    /// <summary>The smallest finding of the same kind; null when the input alone shows nothing: it takes what ran before, or what the text was made from.</summary>
    public static Finding? Minimize(FuzzCase run, Finding finding)
    {
        if (Repeat(run, finding, finding.Input.Bytes) is null)
        {
            return null;
        }

        var tries = 0;
        finding = RemoveStructures(run, finding, ref tries);
        for (var length = Math.Max(1, finding.Input.Bytes.Length / 2); length > 0 && tries < MaxTries;)
        {
            var before = finding.Input.Bytes.Length;
            finding = RemoveParts(run, finding, length, ref tries);
            length = finding.Input.Bytes.Length < before ? Math.Min(length, Math.Max(1, finding.Input.Bytes.Length / 2)) : length / 2;
        }

        return RemoveStructures(run, finding, ref tries);
    }

    /// <summary>Takes away members, elements and fields, as long as one of them is not needed.</summary>
    private static Finding RemoveStructures(FuzzCase run, Finding finding, ref int tries)
    {
        for (var goesOn = true; goesOn;)
        {
            goesOn = false;
            foreach (var smaller in Reduction.Of(finding.Input))
            {
                if (tries++ < MaxTries && Repeat(run, finding, smaller) is { } same)
                {
                    (finding, goesOn) = (same, true);
                    break;
                }
            }
        }

        return finding;
    }

    /// <summary>Takes away every part of a length that is not needed.</summary>
    private static Finding RemoveParts(FuzzCase run, Finding finding, int length, ref int tries)
    {
        for (var at = 0; at + length <= finding.Input.Bytes.Length && tries < MaxTries; tries++)
        {
            byte[] shorter = [.. finding.Input.Bytes.AsSpan(0, at), .. finding.Input.Bytes.AsSpan(at + length)];
            if (Repeat(run, finding, shorter) is { } same)
            {
                finding = same;
            }
            else
            {
                at++;
            }
        }

        return finding;
    }

    private static Finding? Repeat(FuzzCase run, Finding finding, byte[] bytes) =>
        run.Check(finding.Input with { Bytes = bytes }) is { } found && found.What == finding.What ? found : null;
}
