using Microsoft.Extensions.Logging;

namespace Gateway.Grpc.Server;

/// <summary>What the server half logs.</summary>
internal static partial class ServerLog
{
    [LoggerMessage(1, LogLevel.Error, "The gRPC handler of {Path} failed.")]
    public static partial void HandlerFailed(ILogger logger, string path, Exception exception);
}
