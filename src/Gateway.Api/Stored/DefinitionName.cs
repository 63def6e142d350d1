using System.Text.RegularExpressions;

namespace Gateway.Api.Stored;

/// <summary>The names of tenants, keys and tokens in the store: they stand in paths, logs and shells as they are.</summary>
internal static partial class DefinitionName
{
    /// <summary>What a key or a token is called that nobody has given a name.</summary>
    public const string Default = "default";

    /// <summary>Whether a text is one.</summary>
    public static bool IsOne(string text) => Name().IsMatch(text);

    /// <summary>Why a text is none; null when it is one.</summary>
    /// <param name="what">What is named.</param>
    /// <param name="text">The text.</param>
    public static OperationFault? FaultOf(string what, string text) => IsOne(text)
        ? null
        : OperationFault.Invalid(
            "name",
            $"The name of a {what} has up to 100 letters, digits, dots, underscores and hyphens, and begins with a letter or a digit.");

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9._-]{0,99}\z")]
    private static partial Regex Name();
}
