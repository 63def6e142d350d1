using System.Collections.Frozen;
using System.Reflection;
using Gateway.Api.Http;

namespace Gateway.Api.WebConsole;

/// <summary>The console's files by their paths, as the build has put them into the program (src/Gateway.Console).</summary>
internal sealed class ConsoleFiles
{
    private const string Prefix = "Console/";
    private const string PagePath = "index.html";

    private static readonly Assembly Program = typeof(ConsoleFiles).Assembly;

    private readonly FrozenDictionary<string, KeptContent> _files = Program.GetManifestResourceNames()
        .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
        .ToFrozenDictionary(name => name[Prefix.Length..], Keep);

    /// <summary>The page; null in a program that was built without it.</summary>
    public KeptContent? Page => Find(PagePath);

    /// <summary>A file; null when there is none of this path.</summary>
    public KeptContent? Find(string path) => _files.GetValueOrDefault(path);

    // All but the page have a hash of their content in their names.
    private static KeptContent Keep(string name) => new(
        TypeOf(name),
        name == Prefix + PagePath ? KeptContent.AskedForAgain : KeptContent.KeptForGood,
        () => ReadAsync(name));

    private static string TypeOf(string name) => Path.GetExtension(name) switch
    {
        ".html" => "text/html; charset=utf-8",
        ".js" => "text/javascript; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        ".svg" => "image/svg+xml",
        _ => "application/octet-stream",
    };

    private static async Task<byte[]> ReadAsync(string name)
    {
        await using var file = Program.GetManifestResourceStream(name)!;
        var content = new byte[file.Length];
        await file.ReadExactlyAsync(content);
        return content;
    }
}
