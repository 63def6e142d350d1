using Gateway.Core.Schema;
using Gateway.Core.Upstream.Calls;
using Gateway.Core.Wire;
using Google.Protobuf;
using Status = Clarifai.Api.Status.Status;
using StatusCode = Clarifai.Api.Status.StatusCode;

namespace Gateway.Core.Upstream.Batching;

/// <summary>
/// The answer to a batch, taken apart by one scan of its top level: an element for each input, a status over all, and the rest. It is read
/// from the answer's own memory, and no longer than that.
/// </summary>
internal sealed class MergedResponse
{
    private readonly BatchPlan _plan;
    private readonly ReadOnlyMemory<byte> _bytes;
    private readonly List<Range> _elements = []; // with their tags
    private readonly List<Range> _rest = [];
    private readonly Status _status = new();

    private MergedResponse(BatchPlan plan, ReadOnlyMemory<byte> bytes)
    {
        _plan = plan;
        _bytes = bytes;
    }

    /// <summary>How many elements there are.</summary>
    public int Count => _elements.Count;

    /// <summary>
    /// Whether the elements say what became of each input: all or some succeeded, or all failed and say why. Of any other status the
    /// elements are not to be trusted.
    /// </summary>
    public bool TellsOfEach => _status.Code switch
    {
        StatusCode.Success or StatusCode.MixedStatus => true,
        StatusCode.Failure => _elements.TrueForAll(element => IsFailure(StatusOf(element).Code)),
        _ => false,
    };

    /// <summary>Takes an answer apart.</summary>
    /// <returns>Null when it is malformed.</returns>
    public static MergedResponse? Read(BatchPlan plan, ReadOnlyMemory<byte> bytes)
    {
        var response = new MergedResponse(plan, bytes);
        var reader = new WireReader(bytes.Span);
        while (!reader.IsAtEnd)
        {
            var start = reader.Position;
            if (!reader.TryReadTag(out var tag))
            {
                return null;
            }

            if (tag == plan.StatusTag)
            {
                if (!reader.TryReadLengthDelimited(out var status) || !response.TryMerge(status))
                {
                    return null;
                }
            }
            else if (!reader.TrySkip(tag))
            {
                return null;
            }
            else if (tag != plan.ResponseStateTag)
            {
                // A state that came of many requests is nobody's.
                (tag == plan.ElementsTag ? response._elements : response._rest).Add(start..reader.Position);
            }
        }

        return response;
    }

    /// <summary>The answer for one of the clients: its own elements, the status over these, and the rest as it is.</summary>
    /// <param name="rpc">What it answers.</param>
    /// <param name="first">The first of its elements.</param>
    /// <param name="count">How many they are; 0 for the status over all as it is.</param>
    public Payload Part(RpcPlan rpc, int first, int count)
    {
        var own = _elements.GetRange(first, count);
        var status = (count == 0 ? Anonymous(_status) : StatusOver(own)).ToByteArray();
        var length = Varint.Size(_plan.StatusTag) + Varint.Size((uint)status.Length) + status.Length + LengthOf(_rest) + LengthOf(own);
        return Payload.Write(rpc, length, (Response: this, own, status), static (bytes, part) =>
        {
            bytes = bytes[Varint.Write(bytes, part.Response._plan.StatusTag)..];
            bytes = bytes[Varint.Write(bytes, (uint)part.status.Length)..];
            part.status.CopyTo(bytes);
            bytes = part.Response.Copy(part.Response._rest, bytes[part.status.Length..]);
            part.Response.Copy(part.own, bytes);
        });
    }

    private static bool IsFailure(StatusCode code) => code is not (StatusCode.Zero or StatusCode.Success);

    private static int LengthOf(List<Range> ranges) => ranges.Sum(range => range.End.Value - range.Start.Value);

    // The id is of a request that no client made.
    private static Status Anonymous(Status status)
    {
        var copy = status.Clone();
        copy.ReqId = "";
        return copy;
    }

    private bool TryMerge(ReadOnlySpan<byte> status)
    {
        try
        {
            _status.MergeFrom(status);
            return true;
        }
        catch (InvalidProtocolBufferException)
        {
            return false;
        }
    }

    // What the API says over several: success, mixed, or failure of all; and of one failure, that.
    private Status StatusOver(List<Range> elements)
    {
        if (_status.Code == StatusCode.Success)
        {
            return Anonymous(_status);
        }

        var statuses = elements.ConvertAll(StatusOf);
        var failed = statuses.FindAll(status => IsFailure(status.Code));
        if (failed.Count == 0)
        {
            return new Status { Code = StatusCode.Success, Description = "Ok" };
        }

        if (failed.Count < statuses.Count)
        {
            return Over(StatusCode.MixedStatus, "Mixed success");
        }

        return failed.TrueForAll(status => status.Code == failed[0].Code)
            ? Anonymous(failed[0])
            : Over(StatusCode.Failure, "Failure");
    }

    // In the upstream's own words where it has used them; its details are about others, too.
    private Status Over(StatusCode code, string description) => _status.Code == code
        ? new Status { Code = code, Description = _status.Description, HttpStatusCode = _status.HttpStatusCode }
        : new Status { Code = code, Description = description };

    private Status StatusOf(Range element)
    {
        var reader = new WireReader(_bytes.Span[element]);
        ReadOnlySpan<byte> status = default;
        try
        {
            return reader.TryReadTag(out _) && reader.TryReadLengthDelimited(out var content)
                && WireLookup.TryFindLast(content, [_plan.ElementStatusField], ref status)
                    ? Status.Parser.ParseFrom(status)
                    : new Status { Code = StatusCode.InternalServerIssue };
        }
        catch (InvalidProtocolBufferException)
        {
            return new Status { Code = StatusCode.InternalServerIssue };
        }
    }

    private Span<byte> Copy(List<Range> ranges, Span<byte> target)
    {
        foreach (var range in ranges)
        {
            var part = _bytes.Span[range];
            part.CopyTo(target);
            target = target[part.Length..];
        }

        return target;
    }
}
