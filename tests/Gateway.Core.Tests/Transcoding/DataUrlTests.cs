using System.Text;
using Clarifai.Api;
using Gateway.Core.Schema;

namespace Gateway.Core.Tests.Transcoding;

/// <summary>URLs that hold their content (RFC 2397), where a field named base64 takes the content.</summary>
public sealed class DataUrlTests
{
    private static readonly MessagePlan Plan = Transcode.Clarifai.Message(Image.Descriptor);

    [Theory]
    [InlineData("data:image/png;base64,AQIDBA==")]
    [InlineData("data:;base64,AQIDBA==")]
    [InlineData("data:text/plain;charset=utf-8;base64,AQIDBA")]
    [InlineData("data:image/svg+xml;x=;base;base64,AQ\\nIDBA==")]
    [InlineData("AQIDBA==")]
    public void Content_IsRead_HoweverTheTextIsCut(string text) => AssertReads([1, 2, 3, 4], text);

    /// <summary>Four letters of the scheme are base64 as well.</summary>
    [Theory]
    [InlineData("data")]
    [InlineData("dat=")]
    [InlineData("da==")]
    [InlineData("da")]
    [InlineData("dataAQID")]
    [InlineData("datadata")]
    public void Base64_ThatBeginsLikeOne_IsBase64(string text) =>
        AssertReads(Convert.FromBase64String(text.PadRight((text.Length + 3) / 4 * 4, '=')), text);

    [Theory]
    [InlineData("data:")]
    [InlineData("data:image/png")]
    [InlineData("data:image/png;base64")]
    [InlineData("data:image/png,AQID")]
    [InlineData("data:image/png;base64x,AQID")]
    [InlineData("data:image/png;BASE64,AQID")]
    [InlineData("data:image/png;base64,A")]
    [InlineData("data:image/png;base64,data:image/png;base64,AQID")]
    [InlineData("d:ta")]
    public void Url_WithoutBase64_IsRefused(string text) => AssertRefuses(text);

    [Fact]
    public void Head_OfAnyLength_IsNoHead() => AssertRefuses($"data:image/png;name={new string('x', 300)};base64,AQID");

    [Fact]
    public void OtherFields_AndOtherDialects_TakeNone()
    {
        var mask = Transcode.ToProto(
            Transcode.ProtoJson.Message(Image.Descriptor), """{"base64":"data:image/png;base64,AQID"}"""u8).Error;

        Assert.Equal("base64: not base64", mask?.ToString());
    }

    private static void AssertReads(byte[] content, string text)
    {
        for (var chunk = 1; chunk <= text.Length + 16; chunk++)
        {
            var image = (Image)Transcode.Parse(Image.Descriptor, $$"""{"base64":"{{text}}"}""", chunk: chunk);

            Assert.Equal(content, image.Base64.ToByteArray());
        }
    }

    private static void AssertRefuses(string text)
    {
        var json = Encoding.UTF8.GetBytes($$"""{"base64":"{{text}}"}""");
        for (var chunk = 1; chunk <= json.Length; chunk++)
        {
            Assert.Equal("base64: not base64", Transcode.ToProto(Plan, json, chunk).Error?.ToString());
        }
    }
}
