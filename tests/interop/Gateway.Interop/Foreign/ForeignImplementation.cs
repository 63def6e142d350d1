namespace Gateway.Interop.Foreign;

/// <summary>An implementation of gRPC by others, with its own interop program: <c>server</c> in a folder of its name.</summary>
/// <param name="Name">Its name.</param>
/// <param name="HasCompression">Whether its server compresses when asked to.</param>
internal sealed record ForeignImplementation(string Name, bool HasCompression)
{
    // grpc-go has compression, but its interop server does not look at what it is asked for.
    public static readonly IReadOnlyList<ForeignImplementation> All =
    [
        new("grpc-go", HasCompression: false),
        new("grpc-cpp", HasCompression: true),
    ];

    /// <summary>The cases that its server knows.</summary>
    public IEnumerable<Case> Cases => Case.All.Where(test => HasCompression || !test.IsCompression);
}
