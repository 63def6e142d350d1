using Clarifai.Api;
using Gateway.Core.Wire;
using Google.Protobuf;

namespace Gateway.Core.Tests.Wire;

/// <summary>Values of one field, found without parsing the rest, beside what Google's parser makes of the same bytes.</summary>
public class WireFieldsTests
{
    private static readonly Data Whole = new()
    {
        StringValue = "before",
        Parts = { new Part { Id = "a" }, new Part { Id = "b", Data = new Data { IntValue = 7 } } },
        Text = new Text { Raw = "after" },
    };

    [Fact]
    public void Values_AreThoseOfTheField_InOrder()
    {
        var parts = new List<Part>();
        foreach (var part in new WireFields(Whole.ToByteArray(), Data.PartsFieldNumber))
        {
            parts.Add(Part.Parser.ParseFrom(part));
        }

        Assert.Equal(Whole.Parts, parts);
    }

    [Fact]
    public void Rest_IsTheMessageWithoutTheField()
    {
        var rest = Whole.Clone();
        rest.Parts.Clear();

        Assert.Equal(rest, WireFields.ParseWithout<Data>(Whole.ToByteArray(), Data.PartsFieldNumber));
    }

    [Fact]
    public void FieldInPieces_IsOneMessage()
    {
        byte[] twice = [.. new Data { Text = new Text { Raw = "one" } }.ToByteArray(), .. new Data { Text = new Text { Url = "two" } }.ToByteArray()];

        Assert.Equal(Data.Parser.ParseFrom(twice).Text, Text.Parser.ParseFrom(WireFields.Merge(twice, Data.TextFieldNumber)));
    }

    [Theory]
    [InlineData(new byte[] { 0x0A })]
    [InlineData(new byte[] { 0x0A, 0x05, 0x01 })]
    [InlineData(new byte[] { 0x0F })]
    [InlineData(new byte[] { 0xFF, 0xFF })]
    public void Malformed_IsAnError(byte[] message)
    {
        Assert.Throws<InvalidProtocolBufferException>(() => Data.Parser.ParseFrom(message));

        Assert.Throws<InvalidDataException>(() => new WireFields(message, number: 1).MoveNext());
        Assert.Throws<InvalidProtocolBufferException>(() => WireFields.ParseWithout<Data>(message, number: 1));
    }
}
