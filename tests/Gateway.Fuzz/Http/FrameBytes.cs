using System.Buffers.Binary;
using System.Text;
using Gateway.Fuzz.Generation;

namespace Gateway.Fuzz.Http;

/// <summary>A connection of HTTP/2 as random frames near the real ones (RFC 9113, section 4).</summary>
internal static class FrameBytes
{
    private const byte Data = 0, Headers = 1, Settings = 4, GoAway = 7;
    private const byte EndStream = 1, EndHeaders = 4;

    /// <summary>Makes what a client sends.</summary>
    public static byte[] Of(Dice dice)
    {
        var bytes = new MemoryStream();
        bytes.Write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8);
        Write(bytes, Settings, 0, 0, []);
        var stream = 1;
        for (var i = dice.Between(1, 8); i > 0; i--)
        {
            switch (dice.Below(6))
            {
                case 0 or 1 or 2:
                    var ends = dice.OneIn(3);
                    Write(bytes, Headers, (byte)(EndHeaders | (ends ? EndStream : 0)), stream, HeaderBlock(dice));
                    if (!ends)
                    {
                        Write(bytes, Data, dice.OneIn(4) ? (byte)0 : EndStream, stream, Encoding.Latin1.GetBytes(dice.Pick("{}", "\0\0\0\0\0", "\0\0\0\0\u0002\u0012\0", "\u0001\0\0\0\u0001x")));
                    }

                    stream += 2;
                    break;
                case 3:
                    Write(bytes, (byte)dice.Below(12), (byte)dice.Below(256), dice.Below(stream + 3), dice.Bytes(dice.Size(12, 20_000)));
                    break;
                case 4:
                    Write(bytes, Data, (byte)dice.Below(2), Math.Max(1, stream - 2), dice.Bytes(dice.Size(40, 16_000)));
                    break;
                default:
                    bytes.Write(dice.Bytes(dice.Size(2, 9)));
                    break;
            }
        }

        Write(bytes, GoAway, 0, 0, new byte[8]);
        return bytes.ToArray();
    }

    // Literals without indexing (RFC 7541, 6.2.2), none of them in Huffman's code.
    private static byte[] HeaderBlock(Dice dice)
    {
        var block = new MemoryStream();
        Add(":method", dice.OneIn(10) ? dice.Pick("CONNECT", "get", "") : dice.Pick("GET", "POST", "POST"));
        Add(":path", dice.Pick("/v2/models", "/v2/models/text-sentiment/outputs", "/clarifai.api.V2/ListModels", "/clarifai.api.V2/PostModelOutputs", "/../v2", "/v2/%2e%2e/x", "*", ""));
        if (!dice.OneIn(20))
        {
            Add(":scheme", dice.Pick("http", "http", "https", "x"));
        }

        if (!dice.OneIn(10))
        {
            Add(":authority", "localhost");
        }

        if (!dice.OneIn(5))
        {
            Add("authorization", "Key " + GatewayUnderTest.Key);
        }

        if (!dice.OneIn(3))
        {
            Add("content-type", dice.Pick("application/grpc", "application/json", "application/grpc-web"));
        }

        if (dice.OneIn(3))
        {
            Add(dice.Pick("te", "grpc-timeout", "grpc-encoding", "x-y", "Upper", ":protocol", "connection", "content-length"), dice.Pick("trailers", "1S", "gzip", "websocket", "5", "\u0001"));
        }

        return block.ToArray();

        void Add(string name, string value)
        {
            block.WriteByte(0);
            block.WriteByte((byte)name.Length);
            block.Write(Encoding.Latin1.GetBytes(name));
            block.WriteByte((byte)value.Length);
            block.Write(Encoding.Latin1.GetBytes(value));
        }
    }

    private static void Write(MemoryStream to, byte type, byte flags, int stream, byte[] payload)
    {
        Span<byte> head = stackalloc byte[9];
        BinaryPrimitives.WriteInt32BigEndian(head, payload.Length << 8 | type);
        head[4] = flags;
        BinaryPrimitives.WriteInt32BigEndian(head[5..], stream);
        to.Write(head);
        to.Write(payload);
    }
}
