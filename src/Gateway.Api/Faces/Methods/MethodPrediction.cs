using Clarifai.Api;
using Gateway.Api.Errors;
using Gateway.Api.Http;
using Gateway.Api.Models;
using Gateway.Api.Pipeline;
using Gateway.Api.Tenancy;
using Gateway.Core.Methods;
using Gateway.Core.Upstream.Retries;
using Gateway.Core.Wire;
using Task = System.Threading.Tasks.Task;

namespace Gateway.Api.Faces.Methods;

/// <summary>Calls methods that answer once.</summary>
internal sealed class MethodPrediction(
    MethodRpcs rpcs, AccessControl access, OutgoingCalls calls, ArgumentFactory arguments, ResultAnswer answer, TimeProvider time)
{
    private readonly RpcAccess _access = access.To(rpcs.Predict);

    /// <summary>Calls a method with one set of arguments, or with a list of them.</summary>
    public async Task RunAsync(IncomingCall incoming, PostModelOutputsRequest head, ModelMethod method)
    {
        using var wire = arguments.NewRequest(head);
        var body = new ArgumentBody(method, wire, arguments);
        var error = _access.Admit(incoming.Tenant) ?? await body.ReadAsync(incoming.Http) ?? _access.Check(incoming.Tenant, wire.Written);
        await (error is null ? CallAsync(incoming, wire, body, method) : ErrorWriter.WriteAsync(incoming.Http, error));
    }

    private async Task CallAsync(IncomingCall incoming, WireWriter request, ArgumentBody body, ModelMethod method)
    {
        var http = incoming.Http;
        incoming.Record.Rpc = rpcs.Predict.Name;
        using var result = await calls.ClientFor(incoming).CallAsync(rpcs.Predict, request.Written, calls.Unary(incoming));
        request.Reset();
        var pushback = Pushback.Read(result.Headers, result.Trailers, time);
        if (result.Message is not { } message)
        {
            await ErrorWriter.WriteAsync(http, UpstreamStatus.ToApiError(result.Outcome, pushback));
        }
        else if (!Outputs.TryParse(message.Memory, out var response, out var data))
        {
            await ErrorWriter.WriteAsync(http, ApiErrors.UpstreamUnreadable);
        }
        else if (ResultAnswer.FailureIn(response, body) is { } failure)
        {
            await ErrorWriter.WriteAsync(http, failure with { RetryAfter = pushback.Delay });
        }
        else
        {
            await answer.WriteAsync(http, method, response, data, body.IsBatch);
        }
    }
}
