using Gateway.Sandbox.Text;

namespace Gateway.Sandbox.Tests.Text;

public class TextContinuationTests
{
    private static readonly NgramModel Coast = NgramModel.Learn(EmbeddedText.Read("coast.txt"));

    [Fact]
    public void Learn_SmallText_LikelihoodsAreCounts()
    {
        var model = NgramModel.Learn("a b. a c. a b");

        // After "a": twice "b", once "c"; after ". a": once each.
        Assert.Equal([("b", 2.0 / 3), ("c", 1.0 / 3)], model.After("a", "unseen"));
        var mixed = model.After("a", ".");
        Assert.Equal((0.65 * 0.5) + (0.35 * 2 / 3), mixed[0].Likelihood, 12);
        Assert.Equal(1, mixed.Sum(candidate => candidate.Likelihood), 12);
    }

    [Fact]
    public void Continue_OnlyOneWayOn_FollowsItToTheEnd()
    {
        var model = NgramModel.Learn("the ship sails at dawn.\n\nthe dog sleeps");

        Assert.Equal(["sails", " at", " dawn", "."], new TextContinuation(model).Continue("where is the ship", GenerationSettings.Default));
    }

    [Fact]
    public void Continue_SameSeed_IsTheSameText()
    {
        Assert.Equal(Text("The sea", seed: 3), Text("The sea", seed: 3));
    }

    [Fact]
    public void Continue_OtherSeeds_VaryTheText()
    {
        Assert.True(Enumerable.Range(0, 10).Select(seed => Text("The sea", seed)).Distinct().Count() > 5);
    }

    [Fact]
    public void Continue_TemperatureZero_IgnoresTheSeed()
    {
        Assert.Equal(Text("The wind", seed: 1, temperature: 0), Text("The wind", seed: 2, temperature: 0));
    }

    [Theory]
    [InlineData(1e-300)]
    [InlineData(1e-3)]
    public void Continue_TemperatureNearZero_IsLikeZero(double temperature)
    {
        // Where two tokens are equally likely, nearly zero still draws; this text has no such place.
        var model = new TextContinuation(NgramModel.Learn("a b a b a c"));

        Assert.Equal(model.Continue("a", new GenerationSettings(5, 0, 1)), model.Continue("a", new GenerationSettings(5, temperature, 1)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    public void Continue_Limit_IsKept(int maxTokens)
    {
        Assert.Equal(maxTokens, new TextContinuation(Coast).Continue("The", new GenerationSettings(maxTokens, 0.7, 0)).Count());
    }

    [Theory]
    [InlineData("")]
    [InlineData("qwxz 12345")]
    [InlineData("?!")]
    [InlineData("Tell me about the LIGHTHOUSE")]
    [InlineData(".")]
    public void Continue_AnyPrompt_MakesSomeText(string prompt)
    {
        Assert.All(Enumerable.Range(0, 20), seed => Assert.NotEqual("", Text(prompt, seed)));
    }

    [Fact]
    public void Continue_Default_OftenEndsByItself()
    {
        var pieces = Enumerable.Range(0, 50).Select(seed => new TextContinuation(Coast).Continue("The keeper", new GenerationSettings(1000, 0.7, seed)).Count());

        Assert.All(pieces, count => Assert.InRange(count, 1, 999));
    }

    [Fact]
    public void Continue_Pieces_HaveSpacesBeforeWordsOnly()
    {
        var text = Text("The keeper", seed: 0, maxTokens: 200);

        Assert.DoesNotContain("  ", text, StringComparison.Ordinal);
        Assert.DoesNotContain(" .", text, StringComparison.Ordinal);
        Assert.DoesNotContain(" ,", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("It's 5 o'clock, isn't it?", new[] { "It's", "5", "o'clock", ",", "isn't", "it", "?" })]
    [InlineData("'quoted'", new[] { "'", "quoted", "'" })]
    [InlineData("\U0001F6A2!", new[] { "\U0001F6A2", "!" })]
    [InlineData("", new string[0])]
    public void Split_Text_IsCutIntoTokens(string text, string[] tokens)
    {
        Assert.Equal(tokens, Tokenizer.Split(text));
    }

    [Fact]
    public void Split_HalfASurrogatePair_StandsAlone()
    {
        Assert.Equal(["\uD83D", "a", "\uD83D"], Tokenizer.Split("\uD83Da\uD83D"));
    }

    private static string Text(string prompt, int seed, double temperature = 0.7, int maxTokens = 40) =>
        string.Concat(new TextContinuation(Coast).Continue(prompt, new GenerationSettings(maxTokens, temperature, seed)));
}
