using Gateway.Sandbox.Text;

namespace Gateway.Sandbox.Tests.Text;

public class SentimentScorerTests
{
    [Theory]
    [InlineData("")]
    [InlineData("   \n")]
    [InlineData("The train leaves at nine.")]
    public void Score_NoWordOfTheList_IsNeutral(string text)
    {
        Assert.Equal(new SentimentScore(0, 1, 0), SentimentScorer.Score(text));
    }

    [Fact]
    public void Score_OneWord_WeighsAgainstNeutral()
    {
        // "good" weighs 2, neutral 1.
        var score = SentimentScorer.Score("Good!");

        Assert.Equal(2.0 / 3, score.Positive, 12);
        Assert.Equal(1.0 / 3, score.Neutral, 12);
        Assert.Equal(0, score.Negative);
    }

    [Theory]
    [InlineData("What a wonderful, helpful shop", "The worst shop, rude and dirty")]
    [InlineData("I never had a bad day here", "I had a bad day here")]
    [InlineData("The food was good", "The food wasn't good")]
    [InlineData("The food was good", "The food wasn\u2019t good")]
    [InlineData("very good", "good")]
    [InlineData("extremely good", "very good")]
    [InlineData("good", "slightly good")]
    [InlineData("bad", "very bad")]
    public void Score_FirstText_IsMorePositive(string more, string less)
    {
        Assert.True(Balance(more) > Balance(less));
    }

    [Theory]
    [InlineData("not good")]
    [InlineData("not a good day")]
    [InlineData("not a very good")]
    public void Score_NegationWithinThreeWords_TurnsTheWord(string text)
    {
        Assert.True(Balance(text) < 0);
    }

    [Theory]
    [InlineData("Not now. Good!")]
    [InlineData("not the one we saw, good")]
    [InlineData("not here or there or good")]
    public void Score_NegationFurtherAwayOrAcrossAMark_DoesNot(string text)
    {
        Assert.True(Balance(text) > 0);
    }

    [Fact]
    public void Score_AnyText_SumsToOne()
    {
        var score = SentimentScorer.Score("Lovely weather, terrible food; not a bad view, and the very best beds.");

        Assert.Equal(1, score.Positive + score.Neutral + score.Negative, 12);
        Assert.True(score is { Positive: > 0, Negative: > 0, Neutral: > 0 });
    }

    private static double Balance(string text) => SentimentScorer.Score(text).Positive - SentimentScorer.Score(text).Negative;
}
