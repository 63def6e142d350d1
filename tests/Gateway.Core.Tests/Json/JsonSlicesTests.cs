using System.Buffers;
using System.Text;
using Gateway.Core.Json;

namespace Gateway.Core.Tests.Json;

/// <summary>Parts of JSON text that are found without reading the rest.</summary>
public sealed class JsonSlicesTests
{
    [Theory]
    [InlineData("""{"id":1,"params":{"x":[{"arguments":{}}],"arguments":{ "a":[1,"}"] } },"z":0}""", """{ "a":[1,"}"] }""")]
    [InlineData("""{"params":{"arguments":null}}""", null)]
    [InlineData("""{"params":[{"arguments":{}}]}""", null)]
    [InlineData("""{"arguments":{},"params":{}}""", null)]
    [InlineData("""{"p\u0061rams":{"arguments":{}}}""", "{}")]
    [InlineData("[]", null)]
    [InlineData("1", null)]
    public void Find_IsTheMembersOwnText(string text, string? found) =>
        Assert.Equal(found, JsonSlices.Find(Sequence(text), "params"u8, "arguments"u8) is { } part ? Encoding.UTF8.GetString(part) : null);

    [Theory]
    [InlineData("""[{"a":[1,2]}, "]" ,3]""", 3, """{"a":[1,2]} "]" 3""")]
    [InlineData("[1,2,3]", 3, "1 2 3")]
    [InlineData("[1,2,3,[4]]", 4, "1 2 3")]
    [InlineData("[]", 0, "")]
    [InlineData("{}", 0, null)]
    public void Split_HasAsManyItemsAsAreWanted_AndCountsThemAll(string text, int all, string? items)
    {
        var split = JsonSlices.Split(Sequence(text), 3, out var count);

        Assert.Equal((all, items), (count, split is null ? null : string.Join(' ', split.Select(item => Encoding.UTF8.GetString(item)))));
    }

    private static ReadOnlySequence<byte> Sequence(string text) => new(Encoding.UTF8.GetBytes(text));
}
