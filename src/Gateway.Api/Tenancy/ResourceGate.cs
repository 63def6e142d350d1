using System.Buffers;
using System.Text;
using Clarifai.Api;
using Gateway.Core.Schema;
using Gateway.Core.Wire;

namespace Gateway.Api.Tenancy;

/// <summary>
/// Says whether a limited tenant may make a call, from the very bytes that go upstream: whatever a path, a query or a body
/// said, and whichever of them won, this is what the upstream will read. Compiled once per RPC.
/// </summary>
public sealed class ResourceGate
{
    private readonly int[]? _user;
    private readonly int[]? _app;
    private readonly int[]? _model;
    private readonly int[]? _workflow;

    /// <summary>Compiles the gate of one RPC.</summary>
    public ResourceGate(MessagePlan request)
    {
        _model = PathTo(request, "model_id");
        _workflow = PathTo(request, "workflow_id");
        if (PathTo(request, "user_app_id") is [var userAppId])
        {
            _user = [userAppId, UserAppIDSet.UserIdFieldNumber];
            _app = [userAppId, UserAppIDSet.AppIdFieldNumber];
        }
    }

    /// <summary>Whether the call names a model or a workflow, and only allowed ones.</summary>
    public bool Allows(AllowedResources allowed, in ReadOnlySequence<byte> request)
    {
        if (request.IsSingleSegment)
        {
            return Allows(allowed, request.FirstSpan);
        }

        var length = (int)request.Length;
        var bytes = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            request.CopyTo(bytes);
            return Allows(allowed, bytes.AsSpan(0, length));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    private bool Allows(AllowedResources allowed, ReadOnlySpan<byte> request)
    {
        if (!TryRead(request, _user, out var user) || !TryRead(request, _app, out var app)
            || !TryRead(request, _model, out var model) || !TryRead(request, _workflow, out var workflow))
        {
            return false;
        }

        return model.Length + workflow.Length > 0
            && (model.Length == 0 || allowed.AllowsModel(new ResourceId(user, app, model)))
            && (workflow.Length == 0 || allowed.AllowsWorkflow(new ResourceId(user, app, workflow)));
    }

    private static int[]? PathTo(MessagePlan request, string name) =>
        request.Descriptor.FindFieldByName(name) is { } field ? [field.FieldNumber] : null;

    private static bool TryRead(ReadOnlySpan<byte> message, int[]? path, out string text)
    {
        ReadOnlySpan<byte> found = default;
        var read = path is null || WireLookup.TryFindLast(message, path, ref found);
        text = Encoding.UTF8.GetString(found);
        return read;
    }
}
