using Gateway.Core.Methods;

namespace Gateway.Core.Tests.Methods;

/// <summary>Models' addresses in one text.</summary>
public sealed class ModelAddressTests
{
    [Theory]
    [InlineData("m", "", "", "m", "")]
    [InlineData("u/a/models/m", "u", "a", "m", "")]
    [InlineData("u/a/models/m/versions/v", "u", "a", "m", "v")]
    [InlineData("https://clarifai.com/u/a/models/m%2Fn/", "u", "a", "m/n", "")]
    public void Address_IsRead(string text, string user, string app, string model, string version)
    {
        Assert.True(ModelAddress.TryParse(text, out var address));
        Assert.Equal(new ModelAddress(user, app, model, version), address);
    }

    [Theory]
    [InlineData("")]
    [InlineData("/a/models/m")]
    [InlineData("u//models/m")]
    [InlineData("u/a/models/")]
    [InlineData("u/a/models//versions/v")]
    [InlineData("u/a/models/m/versions/")]
    [InlineData("https://clarifai.com/u//models/m")]
    [InlineData("https://clarifai.com/u/a/models//")]
    [InlineData("https://clarifai.com/")]
    [InlineData("u/a/m")]
    [InlineData("https://clarifai.com/m")]
    public void Address_WithEmptyParts_OrOfAnotherForm_IsNone(string text) => Assert.False(ModelAddress.TryParse(text, out _));
}
