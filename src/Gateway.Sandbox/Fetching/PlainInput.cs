using Clarifai.Api;
using Clarifai.Api.Status;
using Gateway.Sandbox.Models;

namespace Gateway.Sandbox.Fetching;

/// <summary>Inputs that name no method, before a model or a workflow sees them.</summary>
internal static class PlainInput
{
    private static readonly Failure NoData = new(StatusCode.InputInvalidArgument, "the input holds no data");

    /// <summary>Checks that there is data, and fetches its images; why it is of no use, or null.</summary>
    public static ValueTask<Failure?> PrepareAsync(Data data, ImageFetcher fetcher, CancellationToken cancellationToken) =>
        data.CalculateSize() == 0 ? new(NoData) : new(InputImages.FillAsync(data, fetcher, cancellationToken));
}
