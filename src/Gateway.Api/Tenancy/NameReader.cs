using System.Buffers;
using System.Text;
using Clarifai.Api;
using Gateway.Core.Binding;
using Gateway.Core.Schema;
using Gateway.Core.Wire;

namespace Gateway.Api.Tenancy;

/// <summary>
/// Reads what a request names, from the very bytes that go upstream: whatever a path, a query or a body said, and whichever of them won,
/// this is what the upstream will read. Compiled once per RPC.
/// </summary>
internal sealed class NameReader
{
    private readonly NameFields _table;
    private readonly int[]? _user;
    private readonly int[]? _app;
    private readonly int[]? _own;
    private readonly int[]? _version;
    private readonly NameKind _ownKind;

    /// <summary>Compiles the reader of one RPC.</summary>
    public NameReader(RpcPlan rpc, RpcRule rule, NameFieldSets tables)
    {
        (_ownKind, var own, var versions) = rule.Own switch
        {
            OwnResource.Model => (NameKind.Model, "model_id", ["version_id", "model_version_id"]),
            OwnResource.Workflow => (NameKind.Workflow, "workflow_id", ["version_id", "workflow_version_id"]),
            _ => (NameKind.Nothing, "", Array.Empty<string>()),
        };
        _own = PathTo(rpc, own);
        _version = versions.Select(version => PathTo(rpc, version)).FirstOrDefault(path => path is not null);
        if (rpc.RequestUserApp is { } userApp)
        {
            _user = [userApp.Number, UserAppIDSet.UserIdFieldNumber];
            _app = [userApp.Number, UserAppIDSet.AppIdFieldNumber];
        }

        _table = tables.Of(rpc, rule.Own == OwnResource.None ? [] : [own, .. versions, .. PartsIn(rpc)]);
    }

    /// <summary>Whether requests say whose resources they are about.</summary>
    public bool HasOwner => _user is not null;

    /// <summary>Reads a message.</summary>
    public CallNames Read(in ReadOnlySequence<byte> request)
    {
        if (request.IsSingleSegment)
        {
            return Read(request.FirstSpan);
        }

        var length = (int)request.Length;
        var bytes = LargeArrays.Pool.Rent(length);
        try
        {
            request.CopyTo(bytes);
            return Read(bytes.AsSpan(0, length));
        }
        finally
        {
            LargeArrays.Pool.Return(bytes);
        }
    }

    private CallNames Read(ReadOnlySpan<byte> request)
    {
        ReadOnlySpan<byte> user = default, app = default, own = default, version = default;
        var isRead = TryFind(request, _user, ref user) && TryFind(request, _app, ref app)
            && TryFind(request, _own, ref own) && TryFind(request, _version, ref version);
        var names = new CallNames
        {
            Resource = new ResourceId(Encoding.UTF8.GetString(user), Encoding.UTF8.GetString(app), Encoding.UTF8.GetString(own)),
            Version = Encoding.UTF8.GetString(version),
        };
        names.IsUnread = !isRead || !new Walk(names, user, app, _ownKind, own, version).TryRead(request, _table, WireLimits.MaxDepth);
        return names;
    }

    private static int[]? PathTo(RpcPlan rpc, string name) =>
        rpc.Request.Descriptor.FindFieldByName(name) is { } field ? [field.FieldNumber] : null;

    private static bool TryFind(ReadOnlySpan<byte> message, int[]? path, ref ReadOnlySpan<byte> value) =>
        path is null || WireLookup.TryFindLast(message, path, ref value);

    // What the path names besides, such as an evaluation of the model.
    private static IEnumerable<string> PartsIn(RpcPlan rpc) =>
        HttpBinding.Of(rpc).Take(1)
            .SelectMany(binding => binding.Path.Segments)
            .Select(segment => segment.Variable?.Text ?? "")
            .Where(text => !text.Contains('.'));

    private readonly ref struct Walk(
        CallNames names,
        ReadOnlySpan<byte> user,
        ReadOnlySpan<byte> app,
        NameKind ownKind,
        ReadOnlySpan<byte> own,
        ReadOnlySpan<byte> version)
    {
        private readonly ReadOnlySpan<byte> _user = user;
        private readonly ReadOnlySpan<byte> _app = app;
        private readonly ReadOnlySpan<byte> _own = own;
        private readonly ReadOnlySpan<byte> _version = version;

        // False when something cannot be read.
        public bool TryRead(ReadOnlySpan<byte> message, NameFields table, int depth)
        {
            var reader = new WireReader(message);
            while (!reader.IsAtEnd)
            {
                if (!reader.TryReadTag(out var tag))
                {
                    return false;
                }

                var (kind, inner) = table[(int)(tag >> 3)];
                if (kind is NameKind.Unknown && !table.IsContent)
                {
                    return false;
                }

                if (kind is NameKind.Unknown or NameKind.Nothing)
                {
                    if (!reader.TrySkip(tag))
                    {
                        return false;
                    }
                }
                else if ((tag & 7) != (uint)WireType.LengthDelimited
                    || !reader.TryReadLengthDelimited(out var value)
                    || !TryTake(kind, inner, value, table.IsContent, depth))
                {
                    return false;
                }
            }

            return true;
        }

        private bool TryTake(NameKind kind, NameFields? inner, ReadOnlySpan<byte> value, bool isContent, int depth)
        {
            if (value.IsEmpty)
            {
                return true;
            }

            switch (kind)
            {
                case NameKind.User:
                    names.AddUser(Encoding.UTF8.GetString(value));
                    names.NamesOther |= !isContent && !value.SequenceEqual(_user);
                    return true;
                case NameKind.App:
                    names.AddApp(Encoding.UTF8.GetString(value));
                    names.NamesOther |= !isContent && !value.SequenceEqual(_app);
                    return true;
                case NameKind.Model or NameKind.Workflow when kind == ownKind && value.SequenceEqual(_own):
                    return true;
                case NameKind.Version:
                    names.NamesOtherVersion |= !value.SequenceEqual(_version);
                    return true;
                case NameKind.Model or NameKind.Workflow or NameKind.Other:
                    names.NamesOther = true;
                    names.OtherIds.Add(Encoding.UTF8.GetString(value));
                    return true;
                default:
                    names.NamesOpaque |= kind == NameKind.OtherMessage;
                    names.NamesOther |= kind == NameKind.OtherMessage;
                    return depth > 0 && TryRead(value, inner!, depth - 1);
            }
        }
    }
}
