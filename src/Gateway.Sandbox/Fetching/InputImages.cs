using Clarifai.Api;
using Gateway.Sandbox.Models;
using Google.Protobuf;

namespace Gateway.Sandbox.Fetching;

/// <summary>Puts the bytes of images that an input names by URL into it, so that models see bytes alone.</summary>
internal static class InputImages
{
    /// <summary>Fetches every image of the data, its regions and its parts; the first failure, or null.</summary>
    public static async Task<Failure?> FillAsync(Data data, ImageFetcher fetcher, CancellationToken cancellationToken)
    {
        foreach (var image in ImagesOf(data))
        {
            if (image.Url.Length == 0 || !image.Base64.IsEmpty)
            {
                continue;
            }

            var fetched = await fetcher.FetchAsync(image.Url, cancellationToken);
            if (fetched.Bytes is null)
            {
                return fetched.Failure;
            }

            image.Base64 = UnsafeByteOperations.UnsafeWrap(fetched.Bytes);
        }

        return null;
    }

    // Parts of parts are lists of images; deeper nesting has no meaning here.
    private static IEnumerable<Image> ImagesOf(Data data)
    {
        var parts = data.Parts.Select(part => part.Data).OfType<Data>().ToList();
        var items = parts.SelectMany(part => part.Parts).Select(part => part.Data).OfType<Data>();
        var regions = data.Regions.Select(region => region.Data).OfType<Data>();
        return new[] { data }.Concat(parts).Concat(items).Concat(regions).Select(holder => holder.Image).OfType<Image>();
    }
}
