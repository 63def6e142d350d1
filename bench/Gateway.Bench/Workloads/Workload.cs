using System.Text;
using Clarifai.Api;
using Google.Protobuf;

namespace Gateway.Bench.Workloads;

/// <summary>One kind of request: what the client sends, what the upstream gets and answers, what the client gets.</summary>
public sealed class Workload
{
    private Workload(string name, string what, PostModelOutputsRequest request, IReadOnlyList<MultiOutputResponse> responses, bool isStream, int inFlight)
    {
        Name = name;
        What = what;
        Request = request;
        Body = Json(WithoutPath(request));
        Wire = request.ToByteArray();
        ResponseWires = [.. responses.Select(response => response.ToByteArray())];
        ResponseJsons = [.. responses.Select(Json)];
        Responses = responses;
        IsStream = isStream;
        InFlight = inFlight;
    }

    public static IReadOnlyList<Workload> All { get; } =
    [
        new("W1", "one URL in, 20 concepts out", Samples.Urls(1), [Samples.Concepts(1)], isStream: false, inFlight: 16),
        new("W2", "32 URLs in, 32 × 20 concepts out", Samples.Urls(32), [Samples.Concepts(32)], isStream: false, inFlight: 16),
        new("W3", "an image of 8 MiB in base64, one at a time", Samples.Image(Samples.ImageBytes), [Samples.Concepts(1)], isStream: false, inFlight: 1),
        new("W3x16", "the same, 16 at a time", Samples.Image(Samples.ImageBytes), [Samples.Concepts(1)], isStream: false, inFlight: 16),
        new("W4", "200 small messages per stream, 32 streams", Samples.Prompt(), Samples.Tokens(200), isStream: true, inFlight: 32),
    ];

    public string Name { get; }

    public string What { get; }

    /// <summary>What the upstream gets.</summary>
    public PostModelOutputsRequest Request { get; }

    /// <summary>The same on the wire.</summary>
    public byte[] Wire { get; }

    /// <summary>What the client sends.</summary>
    public byte[] Body { get; }

    /// <summary>What the upstream answers: one message, or those of a stream.</summary>
    public IReadOnlyList<MultiOutputResponse> Responses { get; }

    public IReadOnlyList<byte[]> ResponseWires { get; }

    public IReadOnlyList<byte[]> ResponseJsons { get; }

    public bool IsStream { get; }

    /// <summary>Requests at the same time.</summary>
    public int InFlight { get; }

    /// <summary>Units that the figures are told per: events of a stream, or the request.</summary>
    public int UnitsPerRequest => IsStream ? Responses.Count : 1;

    public string Path => IsStream ? $"/v2/users/clarifai/apps/main/models/{Samples.Model}/outputs/generate" : $"/v2/models/{Samples.Model}/outputs";

    /// <exception cref="UsageException">There is none of this name.</exception>
    public static Workload Named(string name) => All.FirstOrDefault(workload => workload.Name == name)
        ?? throw new UsageException($"There is no workload '{name}'; there are {string.Join(", ", All.Select(workload => workload.Name))}.");

    private static PostModelOutputsRequest WithoutPath(PostModelOutputsRequest request)
    {
        var body = request.Clone();
        body.ModelId = "";
        return body;
    }

    private static byte[] Json(IMessage message) => Encoding.UTF8.GetBytes(ApiJson.Formatter.Format(message));
}
