using System.Runtime.CompilerServices;
using Clarifai.Api;

namespace Gateway.Sandbox.Models.Methods;

/// <summary>
/// Runs a method. The items are its bound arguments: one set, or for two-way methods one per item that the caller streams.
/// </summary>
internal delegate IAsyncEnumerable<Inference> MethodHandler(IAsyncEnumerable<MethodArguments> items, CancellationToken cancellationToken);

/// <summary>Answers one set of arguments with a stream.</summary>
internal delegate IAsyncEnumerable<Inference> StreamingRun(MethodArguments arguments, CancellationToken cancellationToken);

/// <summary>A named method: its signature, and what runs it. The data of each prediction is the value of the part <c>return</c>.</summary>
internal sealed record SampleMethod(MethodSignature Signature, MethodHandler Run)
{
    /// <summary>The part that holds the result of a method that has only one.</summary>
    public const string ReturnPart = "return";

    /// <summary>One set of arguments in, one result out.</summary>
    public static SampleMethod Unary(
        string name, string description, ModelTypeField[] arguments, ModelTypeField result, Func<MethodArguments, Inference> run) =>
        new(Describe(name, RunnerMethodType.UnaryUnary, description, arguments, result), (items, _) => items.Select(run));

    /// <summary>One set of arguments in, a stream of results out.</summary>
    public static SampleMethod Streaming(
        string name, string description, ModelTypeField[] arguments, ModelTypeField result, StreamingRun run) =>
        new(
            Describe(name, RunnerMethodType.UnaryStreaming, description, arguments, result),
            (items, cancellationToken) => RunEachAsync(items, run, cancellationToken));

    /// <summary>A stream of arguments in, a stream of results out; items are answered one after the other.</summary>
    public static SampleMethod TwoWay(
        string name, string description, ModelTypeField[] arguments, ModelTypeField result, StreamingRun run) =>
        new(
            Describe(name, RunnerMethodType.StreamingStreaming, description, arguments, result),
            (items, cancellationToken) => RunEachAsync(items, run, cancellationToken));

    private static MethodSignature Describe(
        string name, RunnerMethodType type, string description, ModelTypeField[] arguments, ModelTypeField result)
    {
        result.Iterator = type is RunnerMethodType.UnaryStreaming or RunnerMethodType.StreamingStreaming;
        return new MethodSignature
        {
            Name = name,
            MethodType = type,
            Description = description,
            InputFields = { arguments },
            OutputFields = { result },
        };
    }

    private static async IAsyncEnumerable<Inference> RunEachAsync(
        IAsyncEnumerable<MethodArguments> items,
        StreamingRun run,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var item in items.WithCancellation(cancellationToken))
        {
            await foreach (var prediction in run(item, cancellationToken))
            {
                yield return prediction;
            }
        }
    }
}
