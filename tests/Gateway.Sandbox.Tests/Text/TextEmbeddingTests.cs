using Gateway.Sandbox.Text;

namespace Gateway.Sandbox.Tests.Text;

public class TextEmbeddingTests
{
    [Theory]
    [InlineData("a")]
    [InlineData("The keeper writes the hour in the log.")]
    [InlineData("\U0001F6A2 \u6D77")]
    public void Embed_AnyTokens_HasLengthOne(string text)
    {
        var vector = TextEmbedding.Embed(text);

        Assert.Equal(256, vector.Length);
        Assert.Equal(1, vector.Sum(value => (double)value * value), 5);
    }

    [Fact]
    public void Embed_NoTokens_IsZero()
    {
        Assert.All(TextEmbedding.Embed(" \n"), value => Assert.Equal(0, value));
    }

    [Fact]
    public void Embed_SameTextInOtherCase_IsTheSame()
    {
        Assert.Equal(TextEmbedding.Embed("Storm at Sea"), TextEmbedding.Embed("storm at sea"));
    }

    [Theory]
    [InlineData("boats in the harbour", "a boat in the harbour", "quarterly tax statements")]
    [InlineData("lighthouse keeper", "the keepers of lighthouses", "banana bread recipe")]
    public void Embed_LikeSpellings_LieNearer(string text, string near, string far)
    {
        Assert.True(Cosine(text, near) > Cosine(text, far) + 0.2);
    }

    [Fact]
    public void Embed_KnownText_StaysTheSameBetweenRuns()
    {
        // Users store vectors: a change of the hash would be another version of the model. Computed apart from this code.
        var vector = TextEmbedding.Embed("Sea wind", 8);

        Assert.Equal([0, -0.2294f, 0.2294f, 0.6882f, -0.4588f, 0, 0, -0.4588f], vector.Select(value => MathF.Round(value, 4)));
    }

    private static double Cosine(string a, string b) => TextEmbedding.Embed(a).Zip(TextEmbedding.Embed(b), (x, y) => (double)x * y).Sum();
}
