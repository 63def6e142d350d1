using System.Runtime.CompilerServices;
using Clarifai.Api;
using Gateway.Sandbox.Fetching;

namespace Gateway.Sandbox.Models.Methods;

/// <summary>Binds the inputs of one call to a signature, as they arrive. The first that does not fit ends them.</summary>
internal sealed class ArgumentBinding(MethodSignature signature, ImageFetcher fetcher)
{
    /// <summary>Why the inputs ended early; null while they have not.</summary>
    public Failure? Failure { get; private set; }

    public async IAsyncEnumerable<MethodArguments> BindAsync(
        IAsyncEnumerable<Data> inputs, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        MethodArguments? before = null;
        await foreach (var input in inputs.WithCancellation(cancellationToken))
        {
            Failure = await InputImages.FillAsync(input, fetcher, cancellationToken);
            if (Failure is not null)
            {
                yield break;
            }

            if (!MethodArguments.TryBind(signature, input, before, out var arguments, out var failure))
            {
                Failure = failure;
                yield break;
            }

            yield return before = arguments;
        }
    }
}
