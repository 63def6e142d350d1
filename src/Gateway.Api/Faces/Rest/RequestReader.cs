using System.Buffers;
using Clarifai.Api;
using Gateway.Api.Configuration;
using Gateway.Api.Errors;
using Gateway.Api.Http;
using Gateway.Api.Tenancy;
using Gateway.Core.Binding;
using Gateway.Core.Json;
using Gateway.Core.Transcoding;
using Gateway.Core.Wire;

namespace Gateway.Api.Faces.Rest;

/// <summary>
/// Turns JSON into the wire bytes of a request message: the text or the query first, then the path, then the tenant's defaults.
/// Later bytes win over earlier ones, as merging has it, so the path overrides what came before, in whatever spelling it came.
/// Takes the one message of a body, or one after another. Pooled: rent one per call.
/// </summary>
internal sealed class RequestReader : IDisposable
{
    private readonly WireWriter _wire;
    private readonly JsonToProto _json;
    private readonly BoundFieldWriter _fields;
    private readonly bool _rejectsUnknownMembers;

    /// <summary>Makes a reader.</summary>
    /// <param name="segments">The memory of long requests.</param>
    /// <param name="limits">What their JSON may have.</param>
    /// <param name="settings">How large the text of one message may be, and whether it may have members that the message has not.</param>
    public RequestReader(SegmentPool segments, JsonLimits limits, LimitOptions settings)
    {
        _wire = new WireWriter(segments);
        _json = new JsonToProto(limits);
        _fields = new BoundFieldWriter(_wire, limits);
        MaxBytes = settings.MaxBodyBytes;
        _rejectsUnknownMembers = settings.RejectUnknownMembers;
    }

    /// <summary>The most bytes that the text of one message may have.</summary>
    public long MaxBytes { get; }

    /// <summary>The message, valid until the next one begins or the reader is reset.</summary>
    public ReadOnlySequence<byte> Message => _wire.Written;

    /// <summary>Whether the text of a message among others has come to its end.</summary>
    public bool IsAtEnd => _json.IsAtEnd;

    /// <summary>Reads the one message of a request.</summary>
    /// <param name="tenant">Who calls.</param>
    /// <returns>Why it cannot be read; null when it could. Whether it may be sent is another question.</returns>
    public async ValueTask<ApiError?> ReadAsync(HttpContext http, RequestPlan plan, Tenant tenant)
    {
        Begin(http, plan);
        if (plan.RawInputs is { } inputs && await RawInputs.FindTypeAsync(http, MaxBytes) is { } type)
        {
            return await inputs.ReadAsync(http, type, _wire, MaxBytes) ?? Bind(http, plan, tenant);
        }

        var error = (plan.Binding.HasBody ? await RequestBody.ReadJsonAsync(http, _json, MaxBytes, plan.TypesTaken) : null)
            ?? Complete(http, plan, tenant);
        UnknownMembers.Tell(http, (plan.Binding.HasBody ? _json.FirstUnknown : null) ?? _fields.FirstUnknown);
        return error;
    }

    /// <summary>Starts a message, and forgets the one before.</summary>
    public void Begin(HttpContext http, RequestPlan plan)
    {
        _json.RejectsUnknownMembers = _fields.RejectsUnknownMembers = _rejectsUnknownMembers || UnknownMembers.AreRefused(http);
        _wire.Reset();
        _fields.Reset();
        if (plan.Binding.HasBody)
        {
            _json.Begin(plan.Binding.Rpc.Request, _wire, plan.InputLimit);
        }
    }

    /// <summary>Takes the next bytes of the message's text.</summary>
    /// <returns>False when the text cannot be read; <see cref="Complete"/> says why.</returns>
    public bool Feed(ReadOnlySpan<byte> chunk) => _json.Feed(chunk);

    /// <summary>Takes the next bytes of the message's text, which other messages follow.</summary>
    /// <param name="chunk">The bytes.</param>
    /// <param name="consumed">How many of them are the message's.</param>
    /// <returns>False when the text cannot be read; <see cref="Complete"/> says why.</returns>
    public bool FeedValue(ReadOnlySpan<byte> chunk, out int consumed) => _json.FeedValue(chunk, out consumed);

    /// <summary>Ends the message: adds what the path, the query and the tenant say.</summary>
    /// <param name="tenant">Who calls.</param>
    /// <returns>Why it cannot be read; null when it could. Whether it may be sent is another question.</returns>
    public ApiError? Complete(HttpContext http, RequestPlan plan, Tenant tenant) =>
        plan.Binding.HasBody && !_json.Complete() ? ApiErrors.Unreadable(_json.Error!) : Bind(http, plan, tenant);

    /// <summary>Tries the path and the query before there is a message.</summary>
    /// <returns>Why they cannot be read, or no message may be sent; null when they can, and one may.</returns>
    public ApiError? CheckPath(HttpContext http, RequestPlan plan, Tenant tenant)
    {
        Begin(http, plan);
        return TryBind(http, plan.Binding) ? plan.Access.CheckPath(tenant, Message) : ApiErrors.Unreadable(_fields.Error!);
    }

    /// <summary>Forgets the message and gives its memory back.</summary>
    public void Reset() => _wire.Reset();

    public void Dispose()
    {
        _wire.Dispose();
        _json.Dispose();
        _fields.Dispose();
    }

    private ApiError? Bind(HttpContext http, RequestPlan plan, Tenant tenant)
    {
        if (!TryBind(http, plan.Binding))
        {
            return ApiErrors.Unreadable(_fields.Error!);
        }

        AddDefaults(plan.Binding, tenant);
        return null;
    }

    private bool TryBind(HttpContext http, HttpBinding binding) =>
        (http.Request.QueryString.Value is not { Length: > 1 } query
            || (binding.HasBody ? QueryBinder.TryPassOver(query, _fields) : QueryBinder.TryBind(query, binding.Rpc.Request, _fields)))
        && binding.Path.TryBind(RawPath.Of(http), _fields);

    // A PAT needs a user and an app. They are filled in only where the request names neither: half a name from the request
    // and half from the tenant would be somebody else's app.
    private void AddDefaults(HttpBinding binding, Tenant tenant)
    {
        if (binding.Rpc.RequestUserApp is { } userApp && !_fields.Wrote(userApp) && !(binding.HasBody && _json.WasGiven(userApp)))
        {
            _fields.WriteNested(userApp, UserAppIDSet.UserIdFieldNumber, tenant.UserId);
            _fields.WriteNested(userApp, UserAppIDSet.AppIdFieldNumber, tenant.AppId);
        }
    }
}
