using System.Runtime.CompilerServices;
using Clarifai.Api;
using Clarifai.Api.Status;
using Gateway.Sandbox.Fetching;
using Gateway.Sandbox.Models.Methods;

namespace Gateway.Sandbox.Models;

/// <summary>
/// Runs a model on inputs: the method that the input's metadata names, or the plain prediction where it names none. One
/// entry for each kind of call; a method is run by the call of its own kind only.
/// </summary>
internal sealed class ModelRunner(ImageFetcher fetcher)
{
    private const string MethodNameKey = "_method_name";

    /// <summary>One input, one answer.</summary>
    public async Task<Inference> PredictAsync(SandboxModel model, Data input, CancellationToken cancellationToken)
    {
        var name = MethodNameOf(input);
        if (name == SignatureListing.MethodName)
        {
            return SignatureListing.Of(model);
        }

        if (name is not null)
        {
            return await RunMethodAsync(
                model, name, RunnerMethodType.UnaryUnary, Single(input), cancellationToken).FirstAsync(cancellationToken);
        }

        var failure = await PlainInput.PrepareAsync(input, fetcher, cancellationToken);
        return failure is null ? model.Predict(input) : Inference.Failed(failure);
    }

    /// <summary>One input, a stream of answers.</summary>
    public IAsyncEnumerable<Inference> GenerateAsync(SandboxModel model, Data input, CancellationToken cancellationToken) =>
        MethodNameOf(input) is { } name
            ? RunMethodAsync(model, name, RunnerMethodType.UnaryStreaming, Single(input), cancellationToken)
            : RunPlainAsync(model, Single(input), cancellationToken);

    /// <summary>A stream of inputs, a stream of answers. The method is the one that the first input names.</summary>
    public IAsyncEnumerable<Inference> StreamAsync(
        SandboxModel model, Data first, IAsyncEnumerable<Data> rest, CancellationToken cancellationToken)
    {
        var inputs = rest.Prepend(first);
        return MethodNameOf(first) is { } name
            ? RunMethodAsync(model, name, RunnerMethodType.StreamingStreaming, inputs, cancellationToken)
            : RunPlainAsync(model, inputs, cancellationToken);
    }

    private async IAsyncEnumerable<Inference> RunPlainAsync(
        SandboxModel model, IAsyncEnumerable<Data> inputs, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var input in inputs.WithCancellation(cancellationToken))
        {
            var failure = await PlainInput.PrepareAsync(input, fetcher, cancellationToken);
            var predictions = failure is null ? model.GenerateAsync(input, cancellationToken) : Single(Inference.Failed(failure));
            await foreach (var prediction in predictions)
            {
                yield return prediction;
            }
        }
    }

    private async IAsyncEnumerable<Inference> RunMethodAsync(
        SandboxModel model,
        string name,
        RunnerMethodType kind,
        IAsyncEnumerable<Data> inputs,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var method = model.FindMethod(name);
        if (Refuse(model, name, method, kind) is { } refusal)
        {
            yield return Inference.Failed(refusal);
            yield break;
        }

        var binding = new ArgumentBinding(method!.Signature, fetcher);
        await foreach (var prediction in method.Run(binding.BindAsync(inputs, cancellationToken), cancellationToken))
        {
            yield return AsReturn(prediction);
        }

        if (binding.Failure is { } failure)
        {
            yield return Inference.Failed(failure);
        }
    }

    private static IAsyncEnumerable<T> Single<T>(T item) => new[] { item }.ToAsyncEnumerable();

    private static string? MethodNameOf(Data input)
    {
        var name = input.Metadata?.Fields.GetValueOrDefault(MethodNameKey)?.StringValue;
        return string.IsNullOrEmpty(name) ? null : name;
    }

    private static Failure? Refuse(SandboxModel model, string name, SampleMethod? method, RunnerMethodType kind)
    {
        if (method is null)
        {
            return new Failure(StatusCode.ModelInvalidArgument, $"the model {model.Card.Id} has no method {name}");
        }

        var expected = method.Signature.MethodType;
        return expected == kind
            ? null
            : new Failure(StatusCode.ModelInvalidArgument, $"the method {name} is to be called with {RpcOf(expected)}");
    }

    private static string RpcOf(RunnerMethodType kind) => kind switch
    {
        RunnerMethodType.UnaryUnary => "PostModelOutputs",
        RunnerMethodType.UnaryStreaming => "GenerateModelOutputs",
        _ => "StreamModelOutputs",
    };

    private static Inference AsReturn(Inference prediction) => prediction.Failure is not null
        ? prediction
        : prediction with { Data = new Data { Parts = { ResultPart.Of(SampleMethod.ReturnPart, prediction.Data) } } };
}
