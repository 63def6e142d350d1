using Grpc.Core;

namespace Gateway.Api.Faces.Grpc;

/// <summary>How the messages of one RPC's calls go. One instance serves them all.</summary>
internal interface IForwardHandler
{
    /// <summary>Makes the upstream call, and gives its answer to the client.</summary>
    /// <returns>How it ended.</returns>
    Task<Status> ForwardAsync(ForwardedCall call);
}
