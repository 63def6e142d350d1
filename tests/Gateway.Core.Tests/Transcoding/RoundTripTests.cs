using Gateway.Core.Tests.Protos;
using Google.Protobuf;

namespace Gateway.Core.Tests.Transcoding;

public sealed class RoundTripTests
{
    private static readonly JsonParser Parser = new(JsonParser.Settings.Default.WithTypeRegistry(Google.Protobuf.Reflection.TypeRegistry.FromMessages(Scalars.Descriptor, Google.Protobuf.WellKnownTypes.Duration.Descriptor)));

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"scalars":{"doubleValue":1.5,"floatValue":0.1,"int32Value":-7,"int64Value":"-9223372036854775808","uint32Value":4294967295,"uint64Value":"18446744073709551615","sint32Value":-2,"sint64Value":"-3","fixed32Value":9,"fixed64Value":"10","sfixed32Value":-11,"sfixed64Value":"-12","boolValue":true,"stringValue":"häß😀\u0000\"\\","bytesValue":"AQIDBA==","colorValue":"RED"}}""")]
    [InlineData("""{"optionals":{"doubleValue":0,"floatValue":0,"int32Value":0,"sint64Value":"0","boolValue":false,"stringValue":"","bytesValue":"","colorValue":0}}""")]
    [InlineData("""{"lists":{"doubles":[1,2.5,"-Infinity","Infinity"],"floats":[0,1],"int32s":[1,-1,0],"bools":[true,false],"strings":["","a"],"manyBytes":["","AA=="],"colors":["RED","VERDE",0,77],"messages":[{},{"int32Value":1}],"unpacked":[1,2],"timestamps":["2020-01-01T00:00:00Z"],"values":[null,1,"a",true,{},[],{"a":[1]}],"wrapped":["","x"]}}""")]
    [InlineData("""{"maps":{"byString":{"":"","a":"b"},"byInt32":{"-1":0},"byInt64":{"5":1.5},"byUint32":{"7":1},"byUint64":{"8":true},"bySint32":{"-1":"AA=="},"bySint64":{"-2":"RED"},"byFixed32":{"1":{"int32Value":1}},"byFixed64":{"2":{"x":null}},"bySfixed32":{"-3":[1,[2]]},"bySfixed64":{"-4":"1.500s"},"byBool":{"true":"1","false":"0"},"nested":{"k":{"byString":{"x":"y"}}}}}""")]
    [InlineData("""{"choices":{"json":null,"left":0}}""")]
    [InlineData("""{"choices":{"nothing":null}}""")]
    [InlineData("""{"wellKnown":{"any":{"@type":"type.googleapis.com/gateway.tests.Scalars","int32Value":1},"timestamp":"1970-01-01T00:00:00.000000001Z","duration":"-1.500s","fieldMask":"a.bC,d","struct":{"a":1,"b":{"c":[true,null,"x"]}},"value":{"q":1},"listValue":[1,"2"],"empty":{},"doubleWrapper":0,"floatWrapper":1.5,"int64Wrapper":"7","uint64Wrapper":"8","int32Wrapper":9,"uint32Wrapper":10,"boolWrapper":false,"stringWrapper":"s","bytesWrapper":"AQ=="}}""")]
    [InlineData("""{"wellKnown":{"any":{"int32Value":1,"@type":"type.googleapis.com/gateway.tests.Scalars"}}}""")]
    [InlineData("""{"wellKnown":{"any":{"value":"1s","@type":"type.googleapis.com/google.protobuf.Duration"}}}""")]
    [InlineData("""{"odd":{"firstOne":1,"far":2,"farther":"3","farthest":"BA==","other":5,"UnderScore":6}}""")]
    [InlineData("""{"tree":{"name":"a","left":{"name":"b","children":[{"name":"c"},{}]},"right":{}},"more":[{},{"tree":{}}]}""")]
    public void Text_BothWays_MeansWhatGoogleMeans(string json)
    {
        var expected = Parser.Parse<Everything>(json);

        var parsed = Transcode.Read<Everything>(json);

        Assert.Equal(expected, parsed);
        Assert.Equal(expected, Parser.Parse<Everything>(Transcode.Format(expected, Transcode.Everything)));
    }

    [Fact]
    public void Text_CutAnywhere_IsTheSame()
    {
        var json = """{"scalars":{"stringValue":"häß😀\ud83d\ude00\n","bytesValue":"AQID\/-_+Bw","int32Value":-12.0e1},"maps":{"byString":{"ä":"b"}},"lists":{"values":[null,true,"aä"],"floats":[1.5]}}"""u8.ToArray();
        var plan = Transcode.Everything.Message(Everything.Descriptor);
        var (whole, error) = Transcode.ToProto(plan, json);
        Assert.Null(error);

        for (var chunk = 1; chunk < json.Length; chunk++)
        {
            (var wire, error) = Transcode.ToProto(plan, json, chunk);
            Assert.Null(error);
            Assert.Equal(whole, wire);
        }
    }
}
