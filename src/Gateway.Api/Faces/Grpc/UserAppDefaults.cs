using System.Buffers;
using Clarifai.Api;
using Gateway.Api.Tenancy;
using Gateway.Core.Schema;
using Gateway.Core.Wire;
using Google.Protobuf;

namespace Gateway.Api.Faces.Grpc;

/// <summary>
/// Adds the tenant's user and app to request messages that name neither, as the REST face does. It is the one thing that touches a message:
/// a field is appended to its bytes, which merges with what is there.
/// </summary>
internal sealed class UserAppDefaults
{
    private readonly FieldPlan? _field;
    private readonly int[] _user;
    private readonly int[] _app;

    /// <summary>Compiles the defaults of one RPC.</summary>
    public UserAppDefaults(RpcPlan rpc)
    {
        _field = rpc.RequestUserApp;
        var number = _field?.Number ?? 0;
        _user = [number, UserAppIDSet.UserIdFieldNumber];
        _app = [number, UserAppIDSet.AppIdFieldNumber];
    }

    /// <summary>
    /// The message with the defaults; null when there are none to add, or once a message of the call has named a user or an app.
    /// </summary>
    /// <param name="message">The message; the result refers to its memory.</param>
    public ReadOnlySequence<byte>? Complete(ForwardedCall call, ReadOnlyMemory<byte> message)
    {
        var tenant = call.Tenant;
        if (_field is not { } field || tenant.UserId.Length + tenant.AppId.Length == 0)
        {
            return null;
        }

        // Later messages of a stream need not repeat what the first has named; whose it is where there is no choice, each can be told.
        call.NamesUserOrApp = (call.NamesUserOrApp && !tenant.IsConfined) || !NamesNeither(message.Span);
        return call.NamesUserOrApp ? null : Part.Join(message, Encode(field, tenant));
    }

    // A malformed message names who knows what; it stays as it is.
    private bool NamesNeither(ReadOnlySpan<byte> message)
    {
        ReadOnlySpan<byte> user = default;
        ReadOnlySpan<byte> app = default;
        return WireLookup.TryFindLast(message, _user, ref user)
            && WireLookup.TryFindLast(message, _app, ref app)
            && user.IsEmpty
            && app.IsEmpty;
    }

    private static byte[] Encode(FieldPlan field, Tenant tenant)
    {
        using var wire = new WireWriter();
        wire.WriteTag(new WireTag(field.Number, WireType.LengthDelimited));
        wire.WriteLengthDelimited(new UserAppIDSet { UserId = tenant.UserId, AppId = tenant.AppId }.ToByteArray());
        return wire.Written.ToArray();
    }

    private sealed class Part : ReadOnlySequenceSegment<byte>
    {
        private Part(ReadOnlyMemory<byte> memory, long before)
        {
            Memory = memory;
            RunningIndex = before;
        }

        public static ReadOnlySequence<byte> Join(ReadOnlyMemory<byte> first, ReadOnlyMemory<byte> second)
        {
            var last = new Part(second, first.Length);
            return new ReadOnlySequence<byte>(new Part(first, 0) { Next = last }, 0, last, second.Length);
        }
    }
}
