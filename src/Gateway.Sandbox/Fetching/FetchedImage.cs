using Gateway.Sandbox.Models;

namespace Gateway.Sandbox.Fetching;

/// <summary>What fetching an image gave: its bytes, or the reason why not.</summary>
internal readonly record struct FetchedImage(byte[]? Bytes, Failure? Failure)
{
    public FetchedImage(byte[] bytes)
        : this(bytes, null)
    {
    }

    public FetchedImage(Failure failure)
        : this(null, failure)
    {
    }
}
