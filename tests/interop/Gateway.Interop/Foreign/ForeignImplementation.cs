namespace Gateway.Interop.Foreign;

/// <summary>An implementation of gRPC by others, with its own interop programs: <c>server</c> and <c>client</c> in a folder of its name.</summary>
/// <param name="Name">Its name.</param>
/// <param name="HasCompression">Whether its programs know the cases of compression.</param>
internal sealed record ForeignImplementation(string Name, bool HasCompression)
{
    // grpc-go has compression, but neither its interop server looks at the flags nor does its client have these cases.
    public static readonly IReadOnlyList<ForeignImplementation> All =
    [
        new("grpc-go", HasCompression: false),
        new("grpc-cpp", HasCompression: true),
    ];

    /// <summary>The cases that its programs know.</summary>
    public IEnumerable<Case> Cases => Case.All.Where(test => HasCompression || !test.IsCompression);
}
