using System.Security.Cryptography;
using Gateway.Store.Definitions;

namespace Gateway.Store.Tests;

/// <summary>Keys that nobody has.</summary>
internal static class NewKeys
{
    public static NewKey Make(string settings = "{}", DateTimeOffset? expires = null) =>
        new(Convert.ToHexString(RandomNumberGenerator.GetBytes(32)), "cgw_abcd", settings, expires);
}
