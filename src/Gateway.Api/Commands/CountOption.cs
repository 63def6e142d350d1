using System.CommandLine;
using System.Globalization;

namespace Gateway.Api.Commands;

/// <summary>An option that is a number of things, one at least.</summary>
internal static class CountOption
{
    /// <summary>The option.</summary>
    public static Option<int?> Create(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "N",
        CustomParser = given =>
        {
            if (int.TryParse(given.Tokens[0].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0)
            {
                return number;
            }

            given.AddError($"{name} is a whole number from 1 to {int.MaxValue}.");
            return null;
        },
    };
}
