using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;

namespace Gateway.Testing.Http2;

/// <summary>One connection of an <see cref="Http2Peer"/>. One read and one write may run at the same time.</summary>
public sealed class Http2PeerConnection(Socket socket) : IDisposable
{
    private const int PrefaceSize = 24; // RFC 9113, section 3.4
    private const byte Status200 = 0x88; // RFC 7541, appendix A: index 8

    private readonly NetworkStream _stream = new(socket, ownsSocket: true);

    /// <summary>Begins: the client's preface is read, and then SETTINGS go out, as late as a server may send them.</summary>
    public async Task OpenAsync(params (Http2Setting Setting, uint Value)[] settings)
    {
        await ReadPrefaceAsync();
        await WriteAsync(Http2FrameType.Settings, 0, 0, [.. settings.SelectMany(setting => SettingBytes(setting.Setting, setting.Value))]);
    }

    /// <summary>Reads what the client begins with.</summary>
    public async Task ReadPrefaceAsync() => await _stream.ReadExactlyAsync(new byte[PrefaceSize]);

    /// <summary>The next frame of a stream; SETTINGS and PING are answered on the way, WINDOW_UPDATE is passed over.</summary>
    public async Task<Http2Frame> ReadAsync()
    {
        while (true)
        {
            var frame = await ReadAnyAsync();
            if (frame.Stream == 0)
            {
                await AnswerAsync(frame);
            }
            else if (frame.Type != Http2FrameType.WindowUpdate)
            {
                return frame;
            }
        }
    }

    /// <summary>Reads until the client asks whether anybody is there, and answers.</summary>
    public async Task ReadKeepAliveAsync()
    {
        while (true)
        {
            var frame = await ReadAnyAsync();
            await AnswerAsync(frame);

            // The handler also measures round trips by pings; those count downwards, from -1.
            if (frame.Type == Http2FrameType.Ping && (frame.Payload[0] & 0x80) == 0)
            {
                return;
            }
        }
    }

    /// <summary>Reads until a new call comes.</summary>
    /// <returns>Its stream.</returns>
    public async Task<int> ReadCallAsync()
    {
        while (true)
        {
            if (await ReadAsync() is { Type: Http2FrameType.Headers } headers)
            {
                return headers.Stream;
            }
        }
    }

    /// <summary>Reads until a stream is reset.</summary>
    /// <returns>The error code.</returns>
    public async Task<uint> ReadResetAsync(int stream)
    {
        while (true)
        {
            if (await ReadAsync() is { Type: Http2FrameType.Reset } reset && reset.Stream == stream)
            {
                return BinaryPrimitives.ReadUInt32BigEndian(reset.Payload);
            }
        }
    }

    /// <summary>Reads a request until that many bytes of it are here.</summary>
    public async Task ReadDataAsync(int stream, int length)
    {
        for (var read = 0; read < length;)
        {
            if (await ReadAsync() is { Type: Http2FrameType.Data } data && data.Stream == stream)
            {
                read += data.Payload.Length;
            }
        }
    }

    /// <summary>Reads a request to its half-close.</summary>
    /// <returns>Its messages, prefixes included.</returns>
    public async Task<byte[]> ReadRequestAsync(int stream)
    {
        var body = new MemoryStream();
        while (true)
        {
            var frame = await ReadAsync();
            if (frame.Stream != stream)
            {
                continue;
            }

            if (frame.Type == Http2FrameType.Data)
            {
                body.Write(frame.Payload);
            }

            if (frame.EndsStream)
            {
                return body.ToArray();
            }
        }
    }

    public Task WriteHeadersAsync(int stream) =>
        WriteAsync(Http2FrameType.Headers, Http2Frame.EndHeaders, stream, [Status200, .. Header("content-type", "application/grpc")]);

    public Task WriteDataAsync(int stream, byte[] bytes) => WriteAsync(Http2FrameType.Data, 0, stream, bytes);

    public Task WriteTrailersAsync(int stream, string status) =>
        WriteAsync(Http2FrameType.Headers, Http2Frame.EndHeaders | Http2Frame.EndStream, stream, Header("grpc-status", status));

    /// <summary>Headers, one message of one byte, and the status OK.</summary>
    public async Task AnswerAsync(int stream, byte message = 7)
    {
        await WriteHeadersAsync(stream);
        await WriteDataAsync(stream, [0, 0, 0, 0, 1, message]);
        await WriteTrailersAsync(stream, "0");
    }

    /// <summary>Lets the client send more, on a stream and on the whole connection.</summary>
    public async Task WindowUpdateAsync(int stream, uint increment)
    {
        await WriteAsync(Http2FrameType.WindowUpdate, 0, 0, BigEndian(increment));
        await WriteAsync(Http2FrameType.WindowUpdate, 0, stream, BigEndian(increment));
    }

    public Task ResetAsync(int stream, uint errorCode) => WriteAsync(Http2FrameType.Reset, 0, stream, BigEndian(errorCode));

    public Task GoAwayAsync(int lastStream, uint errorCode) =>
        WriteAsync(Http2FrameType.GoAway, 0, 0, [.. BigEndian((uint)lastStream), .. BigEndian(errorCode)]);

    public async Task WriteAsync(Http2FrameType type, int flags, int stream, byte[] payload)
    {
        var frame = new byte[Http2Frame.HeaderSize + payload.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame, payload.Length << 8);
        frame[3] = (byte)type;
        frame[4] = (byte)flags;
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(5), stream);
        payload.CopyTo(frame, Http2Frame.HeaderSize);
        await _stream.WriteAsync(frame);
    }

    /// <summary>Writes bytes that need not be frames.</summary>
    public ValueTask WriteRawAsync(byte[] bytes) => _stream.WriteAsync(bytes);

    /// <summary>Closes this side of the connection in order: what was written before still arrives.</summary>
    public void Close() => socket.Shutdown(SocketShutdown.Send);

    /// <summary>Cuts the connection with a TCP reset.</summary>
    public void Abort()
    {
        socket.LingerState = new LingerOption(enable: true, seconds: 0);
        socket.Dispose();
    }

    public void Dispose() => _stream.Dispose();

    private async Task<Http2Frame> ReadAnyAsync()
    {
        var header = new byte[Http2Frame.HeaderSize];
        await _stream.ReadExactlyAsync(header);
        var payload = new byte[BinaryPrimitives.ReadInt32BigEndian(header) >>> 8];
        await _stream.ReadExactlyAsync(payload);
        return new Http2Frame((Http2FrameType)header[3], header[4], BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(5)) & int.MaxValue, payload);
    }

    private async Task AnswerAsync(Http2Frame frame)
    {
        var asked = (frame.Flags & Http2Frame.Ack) == 0;
        if (frame.Type is Http2FrameType.Settings && asked)
        {
            await WriteAsync(Http2FrameType.Settings, Http2Frame.Ack, 0, []);
        }

        if (frame.Type is Http2FrameType.Ping && asked)
        {
            await WriteAsync(Http2FrameType.Ping, Http2Frame.Ack, 0, frame.Payload);
        }
    }

    private static byte[] SettingBytes(Http2Setting setting, uint value) => [0, (byte)setting, .. BigEndian(value)];

    private static byte[] BigEndian(uint value)
    {
        var bytes = new byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        return bytes;
    }

    // RFC 7541, section 6.2.2: a literal without indexing, its name not in a table, neither Huffman-coded; both shorter than 127 bytes.
    private static byte[] Header(string name, string value) =>
        [0, (byte)name.Length, .. Encoding.ASCII.GetBytes(name), (byte)value.Length, .. Encoding.ASCII.GetBytes(value)];
}
