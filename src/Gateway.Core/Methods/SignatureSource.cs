using System.Text.Json;
using Clarifai.Api;
using Clarifai.Api.Status;
using Gateway.Core.Methods.Values;
using Gateway.Core.Upstream;
using Google.Protobuf.WellKnownTypes;

namespace Gateway.Core.Methods;

/// <summary>
/// Asks the upstream for a model's methods: the catalogue first, then, where that has none or knows no such model, the model itself, as one
/// that is served locally wants it.
/// </summary>
/// <param name="client">The upstream on somebody's behalf.</param>
/// <param name="messages">Reads signatures that come as JSON.</param>
public sealed class SignatureSource(ClarifaiClient client, MessageJson messages)
{
    private const string ListMethod = "_GET_SIGNATURES";

    /// <summary>Asks for the methods of a model.</summary>
    public async Task<SignatureAnswer> LoadAsync(ModelAddress model, UpstreamCall call)
    {
        var version = await FindVersionAsync(model, call);
        return version is { MethodSignatures.Count: > 0 }
            ? new SignatureAnswer(new ModelMethods(version.Id, version.MethodSignatures))
            : await AskModelAsync(model with { VersionId = version?.Id is { Length: > 0 } id ? id : model.VersionId }, call);
    }

    private async Task<ModelVersion?> FindVersionAsync(ModelAddress model, UpstreamCall call)
    {
        var versionId = model.VersionId;
        if (versionId.Length == 0)
        {
            var (_, latest) = await client.GetModelAsync(
                new GetModelRequest { UserAppId = UserAppOf(model), ModelId = model.ModelId }, call);
            if (latest?.Model?.ModelVersion is not { Id.Length: > 0 } known || known.MethodSignatures.Count > 0)
            {
                return latest?.Model?.ModelVersion;
            }

            versionId = known.Id;
        }

        var request = new GetModelVersionRequest { UserAppId = UserAppOf(model), ModelId = model.ModelId, VersionId = versionId };
        var (_, version) = await client.GetModelVersionAsync(request, call);
        return version?.ModelVersion;
    }

    private async Task<SignatureAnswer> AskModelAsync(ModelAddress model, UpstreamCall call)
    {
        var request = new PostModelOutputsRequest
        {
            UserAppId = UserAppOf(model),
            ModelId = model.ModelId,
            VersionId = model.VersionId,
            Inputs =
            {
                new Input
                {
                    Data = new Data
                    {
                        Parts = { new Part { Data = new Data() } },
                        Metadata = new Struct { Fields = { [ArgumentSet.MethodNameKey] = Value.ForString(ListMethod) } },
                    },
                },
            },
        };
        var (status, response) = await client.PostModelOutputsAsync(request, call);
        return response switch
        {
            null => new SignatureAnswer(status),
            { Status.Code: not StatusCode.Success } => new SignatureAnswer(FailureIn(response)),
            _ => new SignatureAnswer(new ModelMethods(model.VersionId, Parse(response))),
        };
    }

    // What one output says is nearer to the cause.
    private static Status FailureIn(MultiOutputResponse response) =>
        response.Outputs is [{ Status.Code: not (StatusCode.Success or StatusCode.Zero) } output] ? output.Status : response.Status;

    // A model of the older kind answers whatever it answers to any input: it has no methods.
    private List<MethodSignature> Parse(MultiOutputResponse response)
    {
        var signatures = new List<MethodSignature>();
        if (response.Outputs is [{ Data.Text.Raw: { Length: > 0 } text }] && TryParse(text, out var listing))
        {
            foreach (var member in listing.EnumerateObject())
            {
                var signature = new MethodSignature();
                if (messages.Read(member.Value, signature) is null)
                {
                    signature.Name = member.Name;
                    signatures.Add(signature);
                }
            }
        }

        return signatures;
    }

    private static bool TryParse(string text, out JsonElement listing)
    {
        try
        {
            listing = JsonElement.Parse(text);
            return listing.ValueKind == JsonValueKind.Object;
        }
        catch (JsonException)
        {
            listing = default;
            return false;
        }
    }

    private static UserAppIDSet UserAppOf(ModelAddress model) => new() { UserId = model.UserId, AppId = model.AppId };
}
