using System.Buffers;
using Gateway.Core.Json;

namespace Gateway.Api.Http;

/// <summary>
/// Members of a request that its message does not have, as a misspelt name is. The API passes over them; a client may have them refused,
/// and is told of the first in any case.
/// </summary>
internal static class UnknownMembers
{
    /// <summary>The header of an answer that names the first.</summary>
    public const string Header = "X-Unknown-Member";

    private const string StrictHeader = "X-Strict";

    private static readonly SearchValues<char> Printable =
        SearchValues.Create(Enumerable.Range(' ', '~' - ' ' + 1).Select(code => (char)code).ToArray());

    /// <summary>Whether a client asks for a refusal: by anything but <c>false</c>, as who sends the header means it.</summary>
    public static bool AreRefused(HttpContext http) =>
        http.Request.Headers[StrictHeader] is { Count: > 0 } strict
            && !(strict is [{ } value] && value.Equals("false", StringComparison.OrdinalIgnoreCase));

    /// <summary>Names the first in the answer's headers.</summary>
    /// <param name="first">The first; null for none.</param>
    public static void Tell(HttpContext http, JsonError? first)
    {
        if (first is not null)
        {
            http.Response.Headers[Header] = string.Concat(first.ToString().Select(next => Printable.Contains(next) ? next : '?'));
        }
    }
}
