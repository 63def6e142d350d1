using System.Buffers.Binary;
using System.Net;
using System.Text;

namespace Gateway.Grpc.Tests.Server.Framing;

/// <summary>A gRPC-Web response, taken apart by the letter of PROTOCOL-WEB.md.</summary>
internal sealed record WebAnswer(HttpResponseMessage Response, IReadOnlyList<string> Messages, string? Trailers)
{
    public HttpStatusCode Http => Response.StatusCode;

    public string? ContentType => Response.Content.Headers.ContentType?.MediaType;

    public static async Task<WebAnswer> OfAsync(HttpResponseMessage response)
    {
        bool text = response.Content.Headers.ContentType?.MediaType?.Contains("-text", StringComparison.Ordinal) == true;
        ReadOnlyMemory<byte> body = text
            ? FromPaddedPieces(await response.Content.ReadAsStringAsync())
            : await response.Content.ReadAsByteArrayAsync();
        var messages = new List<string>();
        string? trailers = null;
        while (!body.IsEmpty)
        {
            Assert.Null(trailers); // they are the last
            int length = BinaryPrimitives.ReadInt32BigEndian(body.Span[1..]);
            string content = Encoding.UTF8.GetString(body.Span.Slice(5, length));
            if (body.Span[0] == 0x80) trailers = content;
            else messages.Add(content);
            body = body[(5 + length)..];
        }

        return new WebAnswer(response, messages, trailers);
    }

    /// <summary>Decodes base64 in which any quad may be padded.</summary>
    public static byte[] FromPaddedPieces(string text) => [.. text.Chunk(4).SelectMany(quad => Convert.FromBase64CharArray(quad, 0, quad.Length))];

    public string? Header(string name) => Response.Headers.TryGetValues(name, out var values) ? values.Single() : null;
}
