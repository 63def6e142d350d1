using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Gateway.Api.Faces.Mcp.Tools;

/// <summary>
/// Tells a client that asked for it how far a call is: how many results there are, and the last of them, where it is text.
/// </summary>
/// <param name="server">The server that the client asked.</param>
/// <param name="token">What the client gave to tell its calls apart.</param>
internal sealed class ToolProgress(McpServer server, ProgressToken token)
{
    private int _count;

    /// <summary>Tells of a result.</summary>
    /// <param name="result">What it is as text; null when it is none.</param>
    /// <param name="cancellationToken">Ends the telling.</param>
    public Task TellAsync(string? result, CancellationToken cancellationToken) =>
        server.NotifyProgressAsync(
            token, new ProgressNotificationValue { Progress = ++_count, Message = result }, cancellationToken: cancellationToken);
}
