using Clarifai.Api;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Gateway.Api.Tests.Tenancy.Authorization;

/// <summary>Messages as nobody's library writes them, and as every library reads them.</summary>
internal static class WireMessages
{
    private const string Secret = Policies.Secret;

    /// <summary>
    /// Messages of an RPC with a resource of its own: what is odd about each, and which resource it is to: <see cref="Policies.Secret"/>, the one
    /// that is listed (<c>own</c>), or nobody knows (null).
    /// </summary>
    public static IEnumerable<(string Name, byte[] Message, string? Reads)> Of(MethodDescriptor rpc)
    {
        var field = Requests.OwnFieldOf(rpc)!.FieldNumber;
        var own = Text(field, RpcGroupTable.Rows[rpc.Name].Own == "model" ? Policies.Model : Policies.Workflow);
        var secret = Text(field, Secret);
        var at = rpc.InputType.FindFieldByName("user_app_id").FieldNumber;
        var home = Message(at, new UserAppIDSet { UserId = Policy.User, AppId = Policy.App });
        var user = Message(at, new UserAppIDSet { UserId = Policy.User });
        var app = Message(at, new UserAppIDSet { AppId = Policy.App });

        // The last one wins.
        yield return ("once", [.. home, .. secret], Secret);
        yield return ("last", [.. home, .. own, .. secret], Secret);
        yield return ("first", [.. home, .. secret, .. own], "own");
        yield return ("between", [.. secret, .. home, .. own, .. secret, .. own], "own");
        yield return ("then empty", [.. home, .. secret, .. Text(field, "")], null);

        // Parts merge.
        yield return ("user and app apart", [.. user, .. secret, .. app], Secret);
        yield return ("own, user and app apart", [.. app, .. own, .. user], "own");
        yield return ("the token's owner", [.. Message(at, new UserAppIDSet { UserId = Policy.Me, AppId = Policy.App }), .. secret], Secret);
        yield return ("the token's owner last", [.. home, .. secret, .. Message(at, new UserAppIDSet { UserId = Policy.Me })], Secret);
        yield return ("a stranger first", [.. Message(at, new UserAppIDSet { UserId = "stranger" }), .. home, .. secret], Secret);
        yield return ("no app", [.. user, .. secret], Secret);
        yield return ("no user", [.. app, .. secret], Secret);
        yield return ("nobody", secret, Secret);
        yield return ("nobody's own", own, "own");

        // Tags and lengths that are longer than they need to be, and a tag whose upper bits readers drop.
        yield return ("long tag", [.. home, (byte)(secret[0] | 0x80), 0, .. secret[1..]], null);
        yield return ("long length", [.. home, secret[0], (byte)(secret[1] | 0x80), 0, .. secret[2..]], Secret);
        yield return ("tag of 64 bits", [.. home, .. own, (byte)(secret[0] | 0x80), 0x80, 0x80, 0x80, 0x80, 0x01, .. secret[1..]], null);

        // What looks like the field and is none.
        yield return ("number last", [.. home, .. secret, (byte)(field << 3), 5], Secret);
        yield return ("in a group", [.. home, .. own, 0xFB, 0x3E, .. secret, 0xFC, 0x3E], null);
        yield return ("unknown field", [.. home, .. own, 0xFA, 0x3E, (byte)secret.Length, .. secret], null);
        yield return ("truncated", [.. home, .. own, .. secret[..^1]], null);
        yield return ("not UTF-8", [.. home, .. Bytes(field, [.. "secret"u8, 0xFF])], null);
        yield return ("two messages", [.. home, .. own, 0, 0, 0, 0, (byte)secret.Length, .. secret], null);
    }

    private static byte[] Text(int field, string text) => Bytes(field, System.Text.Encoding.UTF8.GetBytes(text));

    private static byte[] Message(int field, IMessage message) => Bytes(field, message.ToByteArray());

    // All are short.
    private static byte[] Bytes(int field, byte[] content) => [(byte)((field << 3) | 2), (byte)content.Length, .. content];
}
