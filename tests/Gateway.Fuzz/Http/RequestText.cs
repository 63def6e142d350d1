using System.Text;
using Gateway.Fuzz.Generation;

namespace Gateway.Fuzz.Http;

/// <summary>
/// One request of HTTP/1.1 as random bytes near the real ones, and another one behind it. Where its framing allows for one reading alone (RFC 9112, 6.3),
/// its body may hold what looks like a request of its own, which must never be answered.
/// </summary>
internal sealed class RequestText
{
    private static readonly string[] Targets =
    [
        "/v2/models", "/v2/models/text-sentiment", "/v2/models/text-sentiment/outputs", "/v2/models/text-generator/outputs/generate", "/v2/users/me/apps/main/models/x",
        "/v2/users/u/apps/a/workflows/w/results", "/v2/models/argument-echo/methods/echo_str", "/v2/ext/openai/v1/chat/completions", "/v2/ext/openai/v1/models",
        "/v2/ext/mcp/v1/models/argument-echo", "/clarifai.api.V2/PostModelOutputs", "/clarifai.api.V2/ListModels", "/healthz/live", "/healthz/ready", "/home-assistant/predict", "/nowhere", "*", "",
    ];

    private static readonly string[] Bodies =
    [
        """{"inputs":[{"data":{"text":{"raw":"A fine day."}}}]}""", "{}", "[]", "", "null", """{"value":"x"}""", """{"model":"text-generator","messages":[{"role":"user","content":"x"}],"stream":true}""",
        """{"jsonrpc":"2.0","id":1,"method":"tools/list"}""", "--b\r\nContent-Disposition: form-data; name=\"value\"\r\n\r\nx\r\n--b--\r\n", "\0\0\0\0\u0002\u0012\0",
    ];

    private static readonly string[] Types = ["application/json", "application/grpc", "application/grpc-web", "multipart/form-data; boundary=b", "image/png", "text/plain", "application/x-ndjson", "a"];

    private readonly Dice _dice;
    private readonly StringBuilder _head = new();
    private readonly string _id;

    /// <summary>Makes a request.</summary>
    /// <param name="dice">Where chance comes from.</param>
    /// <param name="id">What the requests' ids end with.</param>
    public RequestText(Dice dice, string id)
    {
        _dice = dice;
        _id = id;
        Method = dice.OneIn(20) ? Odd(6) : dice.Pick("GET", "POST", "POST", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "TRACE");
        _head.Append(Method).Append(' ').Append(Target()).Append(' ').Append(dice.OneIn(30) ? dice.Pick("HTTP/1.0", "HTTP/2.0", "HTTP/1.9", "http/1.1", "") : "HTTP/1.1").Append("\r\n");
        if (!dice.OneIn(40))
        {
            Add("Host", dice.OneIn(40) ? Odd(10) : "localhost");
        }

        if (!dice.OneIn(8))
        {
            Add("Authorization", dice.OneIn(8) ? Odd(12) : "Key " + GatewayUnderTest.Key);
        }

        Add("X-Request-ID", CaseId);
        if (!dice.OneIn(4))
        {
            Add("Content-Type", dice.Pick(Types));
        }

        for (var i = dice.Below(4); i > 0; i--)
        {
            AddOdd();
        }

        var body = Frame();
        Bytes = [.. Encoding.Latin1.GetBytes(_head.Append("\r\n").ToString()), .. body, .. Next("s")];
    }

    /// <summary>The verb.</summary>
    public string Method { get; }

    /// <summary>The id of the request.</summary>
    public string CaseId => "c" + _id;

    /// <summary>The id of the one behind it.</summary>
    public string NextId => "s" + _id;

    /// <summary>The id of what its body may hold.</summary>
    public string HiddenId => "b" + _id;

    /// <summary>Both requests.</summary>
    public byte[] Bytes { get; }

    private void Add(string name, string value) => _head.Append(name).Append(": ").Append(value).Append("\r\n");

    private string Target()
    {
        var target = _dice.Pick(Targets);
        for (var i = _dice.OneIn(3) ? _dice.Between(1, 3) : 0; i > 0; i--)
        {
            var at = _dice.Below(target.Length + 1);
            target = target.Insert(at, _dice.Pick("%2F", "%2e", "..", "/./", "//", "%00", "%C3%A9", "%zz", "%", "?a=b", "?page=x", ";", ":", "#", "\\", "\t", Odd(3)));
        }

        return target;
    }

    private void AddOdd()
    {
        switch (_dice.Below(10))
        {
            case 0: Add("Accept", _dice.Pick("text/event-stream", "application/x-ndjson", "*/*", Odd(5))); break;
            case 1: Add("Expect", _dice.Pick("100-continue", Odd(4))); break;
            case 2: Add("Connection", _dice.Pick("close", "keep-alive", "upgrade", Odd(4))); break;
            case 3: Add("Content-Encoding", _dice.Pick("gzip", "br", "identity", Odd(4))); break;
            case 4: Add("X-Resume-Window", _dice.Pick("1", "-1", Odd(3))); break;
            case 5: Add("Origin", _dice.Pick("http://localhost", "null", Odd(5))); break;
            case 6: Add("grpc-encoding", _dice.Pick("gzip", "identity", Odd(4))); break;
            case 7: _head.Append(Odd(8)).Append(_dice.Pick(":", " :", "", "\n ")).Append(Odd(20)).Append(_dice.Pick("\r\n", "\n", "\r\n\t")); break;
            case 8: Add(Odd(6), Odd(30)); break;
            default: Add("X-" + new string('a', _dice.Size(20, 40_000)), new string('b', _dice.Size(20, 40_000))); break;
        }
    }

    // What has several readings is only ever sent without a hidden request.
    private byte[] Frame()
    {
        var hidden = Next("b");
        var body = _dice.OneIn(6) ? _dice.Bytes(_dice.Size(40, 70_000)) : Encoding.Latin1.GetBytes(_dice.Pick(Bodies));
        if (_dice.OneIn(4))
        {
            body = [.. body, .. hidden];
        }

        switch (_dice.Below(12))
        {
            case 0:
                return [];
            case 1:
                Add("Content-Length", _dice.Pick("+" + body.Length, "0x" + body.Length, body.Length + "x", "-1", "99999999999999999999", body.Length + ", " + (body.Length + 1), ""));
                return body;
            case 2:
                Add("Content-Length", $"{body.Length}");
                Add("Content-Length", $"{body.Length + 1}");
                return body;
            case 3:
                Add("Transfer-Encoding", _dice.Pick("gzip", "identity", "chunked, gzip", "xchunked"));
                return body;
            case 4 or 5 or 6:
                Add("Transfer-Encoding", "chunked");
                return Chunked(body);
            default:
                Add("Content-Length", $"{body.Length + (_dice.OneIn(20) ? 5 : 0)}");
                return body;
        }
    }

    private byte[] Chunked(byte[] body)
    {
        var chunks = new MemoryStream();
        for (var at = 0; at < body.Length;)
        {
            var size = Math.Min(body.Length - at, _dice.Between(1, 40));
            var head = size.ToString("x", System.Globalization.CultureInfo.InvariantCulture);
            chunks.Write(Encoding.Latin1.GetBytes(_dice.OneIn(60) ? _dice.Pick(head + ";a=b", "0" + head, "x" + head, "+" + head, head + " ", "ffffffffff" + head) : head));
            chunks.Write("\r\n"u8);
            chunks.Write(body.AsSpan(at, size));
            chunks.Write(_dice.OneIn(100) ? "\n"u8 : "\r\n"u8);
            at += size;
        }

        chunks.Write(_dice.OneIn(30) ? "0\r\nA: b\r\n\r\n"u8 : "0\r\n\r\n"u8);
        return chunks.ToArray();
    }

    private byte[] Next(string kind) => Encoding.Latin1.GetBytes($"GET /healthz/live HTTP/1.1\r\nHost: localhost\r\nX-Request-ID: {kind}{_id}\r\nConnection: close\r\n\r\n");

    // Letters mostly; now and then what no header has.
    private string Odd(int length)
    {
        var text = new char[_dice.Between(1, length)];
        for (var i = 0; i < text.Length; i++)
        {
            text[i] = _dice.OneIn(12) ? (char)_dice.Below(256) : (char)_dice.Between('a', 'z');
        }

        return new string(text);
    }
}
