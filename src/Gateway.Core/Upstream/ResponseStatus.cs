using System.Text;
using Clarifai.Api.Status;
using Gateway.Core.Schema;
using Gateway.Core.Wire;
using Google.Protobuf;

namespace Gateway.Core.Upstream;

/// <summary>What the <c>status</c> of a response says, read from its wire bytes.</summary>
/// <param name="Code">The V2 status code; 0 when the response has none.</param>
/// <param name="HttpStatusCode">The HTTP status that the upstream chose; 0 when it chose none.</param>
/// <param name="HasRequestId">Whether it names the request.</param>
/// <param name="RedirectUrl">Where a moved resource went; null when it does not say.</param>
public readonly record struct ResponseStatus(int Code, int HttpStatusCode, bool HasRequestId, string? RedirectUrl)
{
    /// <summary>
    /// Reads the status of a response; malformed bytes read as no status, and transcoding, or the client that unpacks them, reports them.
    /// </summary>
    public static ResponseStatus Read(RpcPlan rpc, ReadOnlySpan<byte> response)
    {
        ReadOnlySpan<byte> status = default;
        return TryFind(rpc, response, ref status) ? Read(status) : default;
    }

    /// <summary>
    /// The whole status of a response, for those who need its texts; empty when the response has none or it is malformed.
    /// </summary>
    public static Status Parse(RpcPlan rpc, ReadOnlySpan<byte> response)
    {
        ReadOnlySpan<byte> status = default;
        try
        {
            return TryFind(rpc, response, ref status) ? Status.Parser.ParseFrom(status) : new Status();
        }
        catch (InvalidProtocolBufferException)
        {
            return new Status();
        }
    }

    private static bool TryFind(RpcPlan rpc, ReadOnlySpan<byte> response, ref ReadOnlySpan<byte> status) =>
        rpc.ResponseStatus is { } field && WireLookup.TryFindLast(response, [field.Number], ref status);

    /// <summary>Reads a status itself.</summary>
    internal static ResponseStatus Read(ReadOnlySpan<byte> status)
    {
        var result = default(ResponseStatus);
        var reader = new WireReader(status);
        while (!reader.IsAtEnd && reader.TryReadTag(out var tag))
        {
            switch (tag >> 3)
            {
                case Status.CodeFieldNumber when reader.TryReadVarint(out var code):
                    result = result with { Code = (int)code };
                    break;
                case Status.HttpStatusCodeFieldNumber when reader.TryReadVarint(out var http):
                    result = result with { HttpStatusCode = (int)http };
                    break;
                case Status.ReqIdFieldNumber when reader.TryReadLengthDelimited(out var id):
                    result = result with { HasRequestId = !id.IsEmpty };
                    break;
                case Status.RedirectInfoFieldNumber when reader.TryReadLengthDelimited(out var redirect):
                    result = result with { RedirectUrl = Url(redirect) };
                    break;
                default:
                    if (!reader.TrySkip(tag))
                    {
                        return result;
                    }

                    break;
            }
        }

        return result;
    }

    private static string? Url(ReadOnlySpan<byte> redirect)
    {
        ReadOnlySpan<byte> url = default;
        return WireLookup.TryFindLast(redirect, [RedirectInfo.UrlFieldNumber], ref url) && !url.IsEmpty
            ? Encoding.UTF8.GetString(url)
            : null;
    }
}
