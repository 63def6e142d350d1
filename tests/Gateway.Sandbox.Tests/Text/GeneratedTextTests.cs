using Gateway.Sandbox.Text;

namespace Gateway.Sandbox.Tests.Text;

public class GeneratedTextTests
{
    private static readonly string[] Tokens = ["the", " tide", " comes", " in", ".", " The", " tide"];

    [Theory]
    [InlineData(new[] { " comes" }, new[] { "the", " tide" }, 3)]
    [InlineData(new[] { "comes in" }, new[] { "the", " tide", " " }, 4)] // over two tokens
    [InlineData(new[] { "e comes in. T" }, new[] { "th", "e tid" }, 6)]
    [InlineData(new[] { "t" }, new string[0], 1)]
    [InlineData(new[] { "in.", "tide comes" }, new[] { "the", " " }, 3)] // the first in the text
    [InlineData(new[] { "e c", "e cob" }, new[] { "th", "e tid" }, 3)]
    [InlineData(new[] { "tide now" }, new[] { "the", " ", "tide comes", " in", ".", " The", " ", "tide" }, 7)] // it only looked like one
    [InlineData(new string[0], new[] { "the", " tide", " comes", " in", ".", " The", " tide" }, 7)]
    public void Pieces_EndBeforeTheStopSequence(string[] stops, string[] pieces, int tokens)
    {
        var text = new GeneratedText(Tokens, 100, stops);

        Assert.Equal(pieces, text.Pieces());
        Assert.Equal((tokens, false), (text.Tokens, text.IsCut));
    }

    [Theory]
    [InlineData(6, true)]
    [InlineData(7, false)]
    public void Pieces_BeyondTheMost_AreCut(int maxTokens, bool isCut)
    {
        var text = new GeneratedText(Tokens, maxTokens, ["e sea"]);

        Assert.Equal(string.Concat(Tokens.Take(maxTokens)), string.Concat(text.Pieces()));
        Assert.Equal((maxTokens, isCut), (text.Tokens, text.IsCut));
    }
}
