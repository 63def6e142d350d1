using Gateway.Core.Json;
using Gateway.Core.Schema;
using Gateway.Core.Tests.Protos;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace Gateway.Core.Tests.Transcoding;

public sealed class AnyTests
{
    private static readonly MessagePlan Plan = Transcode.Everything.Message(Any.Descriptor);

    [Fact]
    public void ProtoToJson_AnyOfMalformedBytes_IsAnError()
    {
        var any = new Any { TypeUrl = "type.googleapis.com/gateway.tests.Scalars", Value = ByteString.CopyFrom(0x08) };

        var error = Transcode.ToJson(Plan, any.ToByteArray()).Error;

        Assert.Equal(JsonErrorKind.MalformedWire, error?.Kind);
    }

    [Fact]
    public void ProtoToJson_AnyBeyondTheDepth_IsAnError()
    {
        var limits = new JsonLimits { MaxDepth = 1 };
        var wire = new WellKnown { Any = Any.Pack(new Scalars { Int32Value = 1 }) }.ToByteArray();

        var error = Transcode.ToJson(Transcode.Everything.Message(WellKnown.Descriptor), wire, limits: limits).Error;

        Assert.Equal(JsonErrorKind.LimitExceeded, error?.Kind);
    }

    [Fact]
    public void ProtoToJson_AnyOfTypeThatIsNotUtf8_IsMalformed()
    {
        byte[] wire = [0x0A, 0x1E, (byte)'/', 0xFF, .. "/google.protobuf.DoubleValue"u8];

        var error = Transcode.ToJson(Plan, wire).Error;

        Assert.Equal((JsonErrorKind.MalformedWire, "not UTF-8"), (error?.Kind, error?.Message));
    }
}
