using System.Buffers;

namespace Gateway.Api.Tenancy;

/// <summary>What a key or a token may be made of.</summary>
internal static class TokenText
{
    // Visible ASCII: what can travel in a header and as metadata.
    private static readonly SearchValues<char> Characters =
        SearchValues.Create(string.Concat(Enumerable.Range('!', '~' - '!' + 1).Select(code => (char)code)));

    /// <summary>Whether it can be sent at all; an empty one cannot.</summary>
    public static bool CanTravel(ReadOnlySpan<char> token) => !token.IsEmpty && !token.ContainsAnyExcept(Characters);
}
