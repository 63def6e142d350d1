using System.Buffers;
using Clarifai.Api;
using Gateway.Api.Errors;
using Gateway.Api.Tenancy;
using Gateway.Core.Binding;
using Gateway.Core.Schema;
using Gateway.Core.Transcoding;
using Gateway.Core.Wire;
using Microsoft.AspNetCore.Http.Features;

namespace Gateway.Api.Calls;

/// <summary>
/// Turns one HTTP request into the wire bytes of its message: body first, then path and query, then the tenant's defaults.
/// Later bytes win over earlier ones, as merging has it, so the path overrides the body. Pooled: rent one per call from
/// <see cref="CallServices"/>.
/// </summary>
public sealed class RequestReader : IDisposable
{
    private readonly WireWriter _wire;
    private readonly JsonToProto _json;
    private readonly BoundFieldWriter _fields;
    private readonly long _maxBodyBytes;

    internal RequestReader(CallServices services)
    {
        _wire = new WireWriter(services.Segments);
        _json = new JsonToProto(services.JsonLimits);
        _fields = new BoundFieldWriter(_wire, services.JsonLimits);
        _maxBodyBytes = services.Limits.MaxBodyBytes;
    }

    /// <summary>The message, valid until the reader is reset.</summary>
    public ReadOnlySequence<byte> Message => _wire.Written;

    /// <summary>Reads the request.</summary>
    /// <param name="http">The request.</param>
    /// <param name="binding">The binding that routing chose.</param>
    /// <param name="inputLimit">How many inputs it may have; null where there is no such list.</param>
    /// <param name="tenant">Who calls.</param>
    /// <returns>Why it cannot be read; null when it could.</returns>
    public async ValueTask<ApiError?> ReadAsync(HttpContext http, HttpBinding binding, ElementLimit? inputLimit, Tenant tenant)
    {
        _fields.Reset();
        if (binding.HasBody && await ReadBodyAsync(http, binding.Rpc, inputLimit) is { } unreadable)
        {
            return unreadable;
        }

        var bound = binding.Path.TryBind(RawPath(http), _fields)
            && (binding.HasBody || QueryBinder.TryBind(http.Request.QueryString.Value ?? "", binding.Rpc.Request, _fields));
        if (!bound)
        {
            return ApiErrors.Unreadable(_fields.Error!);
        }

        AddDefaults(binding, tenant);
        return null;
    }

    /// <summary>Forgets the request and gives its memory back.</summary>
    public void Reset() => _wire.Reset();

    /// <inheritdoc/>
    public void Dispose()
    {
        _wire.Dispose();
        _json.Dispose();
        _fields.Dispose();
    }

    private async ValueTask<ApiError?> ReadBodyAsync(HttpContext http, RpcPlan rpc, ElementLimit? inputLimit)
    {
        if (http.Request.ContentLength > _maxBodyBytes)
        {
            return ApiErrors.BodyTooLarge(_maxBodyBytes, http.Request.ContentLength);
        }

        _json.Begin(rpc.Request, _wire, inputLimit);
        var record = http.Features.GetRequiredFeature<CallRecord>();
        var body = http.Request.BodyReader;
        while (true)
        {
            var read = await body.ReadAsync(http.RequestAborted);
            var fed = Feed(read.Buffer);
            record.RequestBytes += read.Buffer.Length;
            body.AdvanceTo(read.Buffer.End);
            if (record.RequestBytes > _maxBodyBytes)
            {
                return ApiErrors.BodyTooLarge(_maxBodyBytes, null);
            }

            if (!fed || read.IsCompleted)
            {
                return fed && CompleteBody(record.RequestBytes) ? null : ApiErrors.Unreadable(_json.Error!);
            }
        }
    }

    private bool Feed(in ReadOnlySequence<byte> chunk)
    {
        foreach (var segment in chunk)
        {
            if (!_json.Feed(segment.Span))
            {
                return false;
            }
        }

        return true;
    }

    // A POST without a body means a message without fields, as it does in the API.
    private bool CompleteBody(long length) => (length > 0 || _json.Feed("{}"u8)) && _json.Complete();

    private static ReadOnlySpan<char> RawPath(HttpContext http)
    {
        var target = http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget.AsSpan();
        if (!target.StartsWith('/'))
        {
            // The absolute form of RFC 9112, 3.2.2: scheme, authority, path.
            var authority = target.IndexOf("://") + "://".Length;
            target = target[(authority + target[authority..].IndexOf('/'))..];
        }

        var query = target.IndexOf('?');
        return query < 0 ? target : target[..query];
    }

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
