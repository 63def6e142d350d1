using System.Text;
using Gateway.Core.Json;
using Gateway.Core.Schema;
using Gateway.Core.Tests.Protos;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Gateway.Core.Tests.Transcoding;

/// <summary>What single values mean, as text and as bytes: the edges of numbers, keys that come twice, and what the dialects' options say.</summary>
public sealed class SemanticsTests
{
    private static readonly ApiSchema WithoutUnknownEnumNames =
        ApiSchema.Compile([EverythingReflection.Descriptor], JsonDialect.ProtoJson with { IgnoresUnknownEnumNames = true });

    [Theory]
    [InlineData("""{"doubleValue":0.30000000000000004}""", "09343333333333d33f")]
    [InlineData("""{"doubleValue":-1.7976931348623157E+308}""", "09ffffffffffffefff")]
    [InlineData("""{"doubleValue":2.2250738585072014E-308}""", "090000000000001000")]
    [InlineData("""{"doubleValue":5E-324}""", "090100000000000000")]
    public void Double_OfSeventeenDigits_SurvivesBothWays(string json, string wire) => AssertBothWays(Scalars.Descriptor, json, wire);

    [Fact]
    public void Double_OfSeventeenDigitsInAValue_SurvivesBothWays() =>
        AssertBothWays(WellKnown.Descriptor, """{"value":0.30000000000000004}""", "320911343333333333d33f");

    [Theory]
    [InlineData("""{"int64Value":"-9223372036854775808"}""", "2080808080808080808001")]
    [InlineData("""{"sint64Value":"-9223372036854775808"}""", "40ffffffffffffffffff01")]
    [InlineData("""{"sfixed64Value":"-9223372036854775808"}""", "610000000000000080")]
    [InlineData("""{"int32Value":-2147483648}""", "1880808080f8ffffffff01")]
    [InlineData("""{"sint32Value":-2147483648}""", "38ffffffff0f")]
    [InlineData("""{"sfixed32Value":-2147483648}""", "5d00000080")]
    public void Integer_TheLeastOfItsType_SurvivesBothWays(string json, string wire) => AssertBothWays(Scalars.Descriptor, json, wire);

    [Theory]
    [InlineData("""{"byInt64":{"-9223372036854775808":0.5}}""", "1a14088080808080808080800111000000000000e03f")]
    [InlineData("""{"bySint64":{"-9223372036854775808":"RED"}}""", "3a0d08ffffffffffffffffff011001")]
    public void Integer_TheLeastOfItsTypeAsAKey_SurvivesBothWays(string json, string wire) => AssertBothWays(Maps.Descriptor, json, wire);

    [Theory]
    [InlineData("""{"int64Value":-9223372036854775808}""", "2080808080808080808001")]
    [InlineData("""{"int64Value":-9.223372036854775808e18}""", "2080808080808080808001")]
    public void Integer_TheLeastOfItsTypeInAnotherSpelling_IsRead(string json, string wire) => Assert.Equal(wire, ToWire(Transcode.Everything, Scalars.Descriptor, json));

    [Theory]
    [InlineData("""{"int64Value":"-9223372036854775809"}""", "int64Value: out of range, which is -9223372036854775808 to 9223372036854775807")]
    [InlineData("""{"sint64Value":-9223372036854775809}""", "sint64Value: out of range, which is -9223372036854775808 to 9223372036854775807")]
    [InlineData("""{"sfixed32Value":-2147483649}""", "sfixed32Value: out of range, which is -2147483648 to 2147483647")]
    [InlineData("""{"int32Value":2147483648}""", "int32Value: out of range, which is -2147483648 to 2147483647")]
    [InlineData("""{"int32Value":1e30}""", "int32Value: out of range, which is -2147483648 to 2147483647")]
    [InlineData("""{"uint32Value":-1}""", "uint32Value: out of range, which is 0 to 4294967295")]
    [InlineData("""{"uint64Value":"18446744073709551616"}""", "uint64Value: out of range, which is 0 to 18446744073709551615")]
    [InlineData("""{"floatValue":1e39}""", "floatValue: out of range, which is -3.4028235E+38 to 3.4028235E+38")]
    [InlineData("""{"doubleValue":-1e309}""", "doubleValue: out of range, which is -1.7976931348623157E+308 to 1.7976931348623157E+308")]
    [InlineData("""{"int32Value":0.12345678901234567890123}""", "int32Value: not a whole number")]
    [InlineData("""{"int64Value":12345678901234567890123.5}""", "int64Value: not a whole number")]
    [InlineData("""{"int64Value":1e-30}""", "int64Value: not a whole number")]
    public void Number_ThatItsTypeHasNot_IsRefused(string json, string error) => Assert.Equal(error, Transcode.Refuse<Scalars>(json));

    [Theory]
    [InlineData("0A060A0161120131 0A060A0162120132 0A060A0161120133", """{"byString":{"b":"2","a":"3"}}""", "text")]
    [InlineData("120408011001 120408021002 120408011003", """{"byInt32":{"2":2,"1":3}}""", "numbers")]
    [InlineData("6206080112020805 6206080212020806", """{"byBool":{"true":"6"}}""", "true is whatever is not zero")]
    [InlineData("12021001 120408001002", """{"byInt32":{"0":2}}""", "no key is zero")]
    public void Key_MoreThanOnceOnTheWire_HasItsLastValue(string wire, string json, string why)
    {
        var (text, error) = Transcode.ToJson(Transcode.Everything.Message(Maps.Descriptor), Convert.FromHexString(wire.Replace(" ", "", StringComparison.Ordinal)));

        Assert.Null(error);
        Assert.True(json == text, $"{why}: {text}");
    }

    [Theory]
    [InlineData(2)]
    [InlineData(8)]
    [InlineData(9)]
    [InlineData(500)]
    public void Key_MoreThanOnceAmongMany_HasItsLastValue(int count)
    {
        var first = new Maps { ByString = { Enumerable.Range(0, count).ToDictionary(i => $"k{i}", i => "first") } };
        var second = new Maps { ByString = { ["k0"] = "last", [$"k{count - 1}"] = "last" } };

        var (text, error) = Transcode.ToJson(Transcode.Everything.Message(Maps.Descriptor), (byte[])[.. first.ToByteArray(), .. second.ToByteArray()]);

        Assert.Null(error);
        first.MergeFrom(second);
        Assert.Equal(count, text.Split(':').Length - 2);
        Assert.Equal(first, JsonParser.Default.Parse<Maps>(text));
    }

    [Theory]
    [InlineData("""{"byString":{"a":"1","b":"2","a":"3"}}""", """{ "byString": { "a": "3", "b": "2" } }""")]
    [InlineData("""{"byInt32":{"1":1,"1":0}}""", """{ "byInt32": { "1": 0 } }""")]
    public void Key_MoreThanOnceInJson_HasItsLastValue(string json, string message) => Assert.Equal(message, Transcode.Read<Maps>(json).ToString());

    [Theory]
    [InlineData("", """{"value":0,"name":"","many":[],"weights":{},"color":0,"big":"0","data":""}""")]
    [InlineData("4001", """{"value":0,"name":"","many":[],"weights":{},"color":0,"big":"0","flag":true,"data":""}""")]
    [InlineData("120161 4a00", """{"value":0,"name":"a","many":[],"weights":{},"color":0,"big":"0","inner":{"value":0,"name":"","many":[],"weights":{},"color":0,"big":"0","data":""},"data":""}""")]
    [InlineData("5000", """{"value":0,"name":"","many":[],"weights":{},"color":0,"big":"0","chosen":false,"data":""}""")]
    public void FieldShownThoughEmpty_NotOnTheWire_IsWrittenInItsPlace(string wire, string json) => AssertWrites(Transcode.EverythingClarifai, Marked.Descriptor, wire, json);

    [Theory]
    [InlineData("0A00", """{"labels":[{"name":"","value":0,"count":"0"}]}""")]
    [InlineData("0A07 0A0161 22026465", """{"labels":[{"id":"a","name":"","value":0,"language":"de","count":"0"}]}""")]
    [InlineData("0A08 12016E 1D0000003F", """{"labels":[{"name":"n","value":0.5,"count":"0"}]}""")]
    [InlineData("0A02 2803 0A00", """{"labels":[{"name":"","value":0,"count":"3"},{"name":"","value":0,"count":"0"}]}""")]
    public void FieldShownThoughEmpty_InASmallMessage_IsWrittenInItsPlace(string wire, string json) => AssertWrites(Transcode.EverythingClarifai, Labels.Descriptor, wire, json);

    [Fact]
    public void FieldShownThoughEmpty_InProtoJson_IsLeftOut() => AssertWrites(Transcode.Everything, Marked.Descriptor, "", "{}");

    [Theory]
    [InlineData("{}", "0d0000803f")]
    [InlineData("""{"value":null}""", "0d0000803f")]
    [InlineData("""{"value":0}""", "")]
    [InlineData("""{"value":0.5}""", "0d0000003f")]
    [InlineData("""{"value":0,"inner":{}}""", "4a050d0000803f")]
    [InlineData("""{"value":0,"many":[{},{"value":0}]}""", "22050d0000803f2200")]
    public void DefaultFloat_LeftOut_HasItsDefault(string json, string wire) => Assert.Equal(wire, ToWire(Transcode.EverythingClarifai, Marked.Descriptor, json));

    [Fact]
    public void DefaultFloat_InProtoJson_IsZero() => Assert.Equal("", ToWire(Transcode.Everything, Marked.Descriptor, "{}"));

    [Fact]
    public void DefaultFloat_LeftOutOfTheWire_IsWrittenAsZero() =>
        AssertWrites(Transcode.EverythingClarifai, Marked.Descriptor, "12016e", """{"value":0,"name":"n","many":[],"weights":{},"color":0,"big":"0","data":""}""");

    [Theory]
    [InlineData("""{"value":0,"secret":"s"}""", "")]
    [InlineData("""{"value":0,"secret":["not even text"]}""", "")]
    [InlineData("""{"value":0,"secret":"s","name":"n","inner":{"value":0,"secret":"s"}}""", "12016e4a00")]
    public void PrivateField_InJson_IsNotRead(string json, string wire) => Assert.Equal(wire, ToWire(Transcode.EverythingClarifai, Marked.Descriptor, json));

    [Fact]
    public void PrivateField_OnTheWire_IsNotWritten()
    {
        var message = new Marked { Name = "n", Secret = "s", Inner = new Marked { Secret = "s" }, Many = { new Marked { Secret = "s" } } };

        var text = Transcode.Format(message, Transcode.EverythingClarifai);

        Assert.Contains("\"name\":\"n\"", text, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", text, StringComparison.Ordinal);
        Assert.Contains("\"secret\":\"s\"", Transcode.Format(message, Transcode.Everything), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"bySint64":{"-2":"PURPLE","3":"RED"}}""", "3a0408061001")]
    [InlineData("""{"bySint64":{"3":"RED","-2":"PURPLE"}}""", "3a0408061001")]
    [InlineData("""{"bySint64":{"1":"PURPLE"}}""", "")]
    [InlineData("""{"bySint64":{"1":"PURPLE","2":"","3":"RED"},"byString":{"a":"b"}}""", "3a04080610010a060a0161120162")]
    [InlineData("""{"nested":{"k":{"bySint64":{"1":"PURPLE","3":"GREEN"}}}}""", "6a0b0a016b12063a0408061002")]
    public void EnumNameUnknown_InAMap_DropsItsEntry(string json, string wire)
    {
        var plan = WithoutUnknownEnumNames.Message(Maps.Descriptor);
        for (var chunk = 1; chunk <= json.Length; chunk++)
        {
            Assert.Equal(wire, Hex(Transcode.ToProto(plan, Encoding.UTF8.GetBytes(json), chunk)));
        }
    }

    [Theory]
    [InlineData("""{"bySint64":{"1":"PURPLE"}}""")]
    [InlineData("""{"bySint64":{"3":"RED","1":"PURPLE"}}""")]
    public void EnumNameUnknown_WhereItCounts_IsRefused(string json) =>
        Assert.Equal("""bySint64["1"]: unknown enum value "PURPLE" """.TrimEnd(), Transcode.Refuse<Maps>(json));

    private static void AssertBothWays(MessageDescriptor type, string json, string wire)
    {
        Assert.Equal(wire, ToWire(Transcode.Everything, type, json));
        AssertWrites(Transcode.Everything, type, wire, json);
    }

    private static void AssertWrites(ApiSchema schema, MessageDescriptor type, string wire, string json) =>
        Assert.Equal((json, null), Transcode.ToJson(schema.Message(type), Convert.FromHexString(wire.Replace(" ", "", StringComparison.Ordinal))));

    private static string ToWire(ApiSchema schema, MessageDescriptor type, string json) =>
        Hex(Transcode.ToProto(schema.Message(type), Encoding.UTF8.GetBytes(json)));

    private static string Hex((byte[] Wire, JsonError? Error) read)
    {
        Assert.Null(read.Error);
        return Convert.ToHexStringLower(read.Wire);
    }
}
