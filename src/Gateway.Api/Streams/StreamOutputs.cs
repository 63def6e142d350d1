using Gateway.Api.Configuration;
using Microsoft.Extensions.ObjectPool;
using Microsoft.Extensions.Options;

namespace Gateway.Api.Streams;

/// <summary>Prepares the responses of streams.</summary>
internal sealed class StreamOutputs(
    IOptions<GatewayOptions> options, ObjectPool<ResponseWriter> writers, HeartbeatWheel wheel, TimeProvider time)
{
    /// <summary>Prepares a response; heartbeats begin when it starts, or after their grace.</summary>
    /// <param name="format">How records look.</param>
    /// <param name="position">How many records the client has had already.</param>
    /// <returns>The response, to be disposed.</returns>
    public StreamOutput Begin(HttpContext http, StreamFormat format, long position = 0) =>
        new(http, format, position, options.Value.Streams, writers, wheel, time);
}
