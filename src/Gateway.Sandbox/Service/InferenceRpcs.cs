using System.Runtime.CompilerServices;
using Clarifai.Api;
using Clarifai.Api.Status;
using Gateway.Sandbox.Models;

namespace Gateway.Sandbox.Service;

/// <summary>The RPCs that run a model.</summary>
internal sealed class InferenceRpcs(SandboxCatalog catalog, ModelRunner runner, OutputMessages messages)
{
    private const int MaxInputs = 128;

    public async Task<MultiOutputResponse> PostAsync(PostModelOutputsRequest request, CancellationToken cancellationToken)
    {
        if (Check(request, MaxInputs, out var model) is { } refusal)
        {
            return new MultiOutputResponse { Status = ApiStatus.Of(refusal) };
        }

        var response = new MultiOutputResponse();
        foreach (var input in request.Inputs)
        {
            var prediction = await runner.PredictAsync(model, DataOf(input), cancellationToken);
            response.Outputs.Add(ToOutput(prediction, model, request, input));
        }

        response.Status = ApiStatus.Over([.. response.Outputs.Select(output => output.Status)]);
        return response;
    }

    public async IAsyncEnumerable<MultiOutputResponse> GenerateAsync(
        PostModelOutputsRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (Check(request, 1, out var model) is { } refusal)
        {
            yield return new MultiOutputResponse { Status = ApiStatus.Of(refusal) };
            yield break;
        }

        var input = request.Inputs[0];
        await foreach (var prediction in runner.GenerateAsync(model, DataOf(input), cancellationToken))
        {
            yield return Piece(prediction, model, request, input);
        }
    }

    public async IAsyncEnumerable<MultiOutputResponse> StreamAsync(
        IAsyncEnumerable<PostModelOutputsRequest> requests, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var messagesIn = requests.GetAsyncEnumerator(cancellationToken);
        if (!await messagesIn.MoveNextAsync())
        {
            yield break;
        }

        var first = messagesIn.Current;
        if (Check(first, 1, out var model) is { } refusal)
        {
            yield return new MultiOutputResponse { Status = ApiStatus.Of(refusal) };
            yield break;
        }

        var later = new LaterInputs(messagesIn, first.Inputs[0]);
        await foreach (
            var prediction in runner.StreamAsync(model, DataOf(first.Inputs[0]), later.ReadAsync(cancellationToken), cancellationToken))
        {
            yield return Piece(prediction, model, first, later.Current);
        }

        if (later.Failure is { } failure)
        {
            yield return new MultiOutputResponse { Status = ApiStatus.Of(failure) };
        }
    }

    private Failure? Check(PostModelOutputsRequest request, int maxInputs, out SandboxModel model)
    {
        model = catalog.FindModel(request.ModelId)!;
        if (model is null)
        {
            return Resources.NoModel(request.ModelId);
        }

        if (Resources.CheckVersion(model, VersionOf(request)) is { } wrongVersion)
        {
            return wrongVersion;
        }

        if (request.Inputs.Count == 0)
        {
            return new Failure(StatusCode.ConnInvalidRequest, "inputs: at least one input was expected");
        }

        return request.Inputs.Count <= maxInputs
            ? null
            : new Failure(StatusCode.ConnInvalidRequest, $"inputs: {request.Inputs.Count} inputs are more than the limit of {maxInputs}");
    }

    private static string VersionOf(PostModelOutputsRequest request) =>
        request.VersionId.Length > 0 ? request.VersionId : request.Model?.ModelVersion?.Id ?? "";

    // Clarifai's own clients say it of the version; of the model is the older way.
    private static OutputConfig? ConfigOf(Model? model) => model?.ModelVersion?.OutputInfo?.OutputConfig ?? model?.OutputInfo?.OutputConfig;

    private static Data DataOf(Input input) => input.Data ?? new Data();

    private Output ToOutput(Inference prediction, SandboxModel model, PostModelOutputsRequest request, Input input)
    {
        ConceptSelection.Apply(ConfigOf(request.Model), prediction.Data);
        return messages.Output(prediction, model, ResourceOwner.Of(request.UserAppId), input);
    }

    private MultiOutputResponse Piece(Inference prediction, SandboxModel model, PostModelOutputsRequest request, Input input)
    {
        var output = ToOutput(prediction, model, request, input);
        return new MultiOutputResponse { Status = ApiStatus.Over([output.Status]), Outputs = { output } };
    }

    /// <summary>The inputs after the first of a two-way call: one a message.</summary>
    private sealed class LaterInputs(IAsyncEnumerator<PostModelOutputsRequest> requests, Input first)
    {
        /// <summary>The input last read.</summary>
        public Input Current { get; private set; } = first;

        /// <summary>Why reading ended early.</summary>
        public Failure? Failure { get; private set; }

        public async IAsyncEnumerable<Data> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
        {
            while (!cancellationToken.IsCancellationRequested && await requests.MoveNextAsync())
            {
                if (requests.Current.Inputs.Count != 1)
                {
                    Failure = new Failure(
                        StatusCode.ConnInvalidRequest,
                        $"inputs: each message of a stream has one input, and this has {requests.Current.Inputs.Count}");
                    yield break;
                }

                Current = requests.Current.Inputs[0];
                yield return DataOf(Current);
            }
        }
    }
}
