using System.Text.RegularExpressions;
using Clarifai.Auth.Util;
using Gateway.Api.Tenancy;
using Gateway.Core.Binding;
using Gateway.Core.Schema;

namespace Gateway.Api.OpenApi;

/// <summary>
/// What is said of an RPC in words: its name, who may call it, and how it streams. Descriptors have no comments to say more.
/// </summary>
internal static partial class OperationText
{
    private const string TwoWay =
        "Streams both ways. The body holds request messages, JSON values one after another; answers come as they are made, over "
            + "HTTP/2 while the request "
        + "is still being sent, over HTTP/1.1 after it. GET with a WebSocket's handshake opens one at the same path: a message each "
            + "way is a text message, "
        + "and an empty one ends the request.";

    private const string Streams =
        "Answers with a stream, in the form that `Accept` chooses: each event's data, line or element is an answer, but for the last, "
            + "which says how the stream ended.";

    /// <summary>An RPC's name as words.</summary>
    public static string SummaryOf(RpcPlan rpc)
    {
        var words = WordBoundary().Replace(rpc.Name, " ");
        return words[0] + words[1..].ToLowerInvariant();
    }

    /// <summary>What there is to know of a route.</summary>
    public static string DescriptionOf(HttpRoute route)
    {
        var rpc = route.Binding.Rpc;
        var credential = rpc.Descriptor.GetOptions()?.GetExtension(AccessExtensions.Credential) switch
        {
            Credential.None => "Needs no key.",
            Credential.Pat => "Needs a personal access token, or a tenant that has one.",
            Credential.SessionToken => "Needs the token of a signed-in session (`X-Clarifai-Session-Token`).",
            _ => "Needs a key.",
        };
        var kind = rpc.Kind switch
        {
            RpcKind.DuplexStreaming => TwoWay,
            RpcKind.ServerStreaming => Streams,
            _ when route.EventStream is { } stream => $"With `Accept: text/event-stream`, `{stream.Rpc.Name}`, which streams.",
            _ => "",
        };
        return $"Calls the RPC `{rpc.Name}`, of the group `{RpcGroups.NameOf(RpcGroups.Of(rpc))}`. {credential} {kind}".TrimEnd();
    }

    /// <summary>Whether anyone may call it.</summary>
    public static bool IsOpen(RpcPlan rpc) => rpc.Descriptor.GetOptions()?.GetExtension(AccessExtensions.Credential) == Credential.None;

    [GeneratedRegex("(?<=[a-z0-9])(?=[A-Z])")]
    private static partial Regex WordBoundary();
}
