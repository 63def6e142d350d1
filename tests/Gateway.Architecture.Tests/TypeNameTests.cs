using System.Text.RegularExpressions;

namespace Gateway.Architecture.Tests;

/// <summary>A name leads to one type.</summary>
public partial class TypeNameTests
{
    [Fact]
    public void Name_OfAType_StandsOnce()
    {
        var twice =
            from file in Repository.Files("src", "*.cs")
            from Match type in Type().Matches(Repository.Read(file))
            let name = type.Groups["name"].Value + type.Groups["generic"].Value
            where !type.Value.Contains(" partial ", StringComparison.Ordinal)
            group file by name into files
            where files.Count() > 1
            select $"{files.Key}: {string.Join(", ", files)}";

        Assert.Empty(twice);
    }

    [GeneratedRegex(@"^(?:public|internal) (?:[a-z]+ )*(?:class|struct|record|interface|enum|delegate [\w.<>]+) (?<name>\w+)(?<generic><\w+(?:, \w+)*>)?", RegexOptions.Multiline)]
    private static partial Regex Type();
}
