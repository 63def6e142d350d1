using System.Text;
using Clarifai.Api;
using Gateway.Api.Http;
using Gateway.Api.Models;
using Gateway.Api.Pipeline;
using Gateway.Api.Tenancy;
using Gateway.Core.Binding;
using Task = System.Threading.Tasks.Task;

namespace Gateway.Api.Faces.OpenAi;

/// <summary>Describes one model, by alias or address.</summary>
internal sealed class GetModelHandler(
    string prefix, ModelNames names, MethodRpcs rpcs, AccessControl access, OutgoingCalls calls) : IRequestHandler
{
    private readonly RpcAccess _read = access.To(rpcs.Get);

    public RequestRoute Route { get; } = new(prefix + "{model}", rpcs.Get.Name, rpcs.Access);

    public async Task ServeAsync(IncomingCall incoming)
    {
        var name = NameIn(incoming.Http);
        if (names.Find(name, incoming.Tenant, out var model) is { } error)
        {
            await ErrorWriter.WriteAsync(incoming.Http, error);
            return;
        }

        if (_read.Check(incoming.Tenant, model.ToNames()) is { } refusal)
        {
            await ErrorWriter.WriteAsync(incoming.Http, refusal with { Parameter = "model" });
            return;
        }

        var request = new GetModelRequest { UserAppId = model.ToRequest().UserAppId, ModelId = model.ModelId, VersionId = model.VersionId };
        var (status, response) = await calls.ClientFor(incoming).GetModelAsync(request, calls.Unary(incoming));
        var failure = MethodErrors.FailureOf(status, response?.Status);
        await (failure is null
            ? JsonAnswer.WriteAsync(
                incoming.Http, ModelDescription.Of(name, model, response!.Model?.CreatedAt?.ToDateTimeOffset() ?? DateTimeOffset.UnixEpoch))
            : ErrorWriter.WriteAsync(incoming.Http, response is null ? failure : failure with { Parameter = "model" }));
    }

    // Clients encode the slashes of a name, people do not.
    private string NameIn(HttpContext http)
    {
        var name = RawPath.Of(http)[prefix.Length..];
        var bytes = new byte[PercentEncoding.MaxDecodedLength(name.Length)];
        return Encoding.UTF8.GetString(bytes, 0, PercentEncoding.Decode(name, plusIsSpace: false, bytes));
    }
}
