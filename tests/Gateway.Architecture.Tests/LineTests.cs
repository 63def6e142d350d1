namespace Gateway.Architecture.Tests;

/// <summary>What a screen shows beside another file.</summary>
public class LineTests
{
    private const int MaxColumns = 140;

    [Fact]
    public void Line_OfTheSource_FitsTheScreen()
    {
        var tooLong =
            from file in Repository.Files("src", "*.cs")
            from line in Repository.Read(file).Split('\n').Index()
            where line.Item.Length > MaxColumns
            select $"{file}:{line.Index + 1}";

        Assert.Empty(tooLong);
    }
}
