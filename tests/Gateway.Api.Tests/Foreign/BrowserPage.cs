using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Api.Tests.Support;
using Gateway.Testing;

namespace Gateway.Api.Tests.Foreign;

/// <summary>A page in Chromium that reads one stream and tells of each piece as it comes.</summary>
internal sealed class BrowserPage : IAsyncDisposable
{
    private readonly NodeProgram _program;

    private BrowserPage(NodeProgram program) => _program = program;

    /// <summary>Opens a page that reads the answer to a POST with <c>fetch</c>.</summary>
    /// <param name="page">The page's own address, which makes its origin.</param>
    /// <param name="url">What it reads.</param>
    /// <param name="accept">The media type it asks for.</param>
    /// <param name="keyless">Whether it sends no key, nor anything else that a page of another origin must ask for first.</param>
    /// <param name="leaves">Whether it is closed when the first piece is there.</param>
    public static Task<BrowserPage> FetchAsync(Uri page, Uri url, string accept = "text/event-stream", bool keyless = false, bool leaves = false) =>
        OpenAsync(new { page, reader = "fetch", url, accept, keyless, leaves });

    /// <summary>Opens a page that reads with <c>EventSource</c>.</summary>
    /// <param name="page">The page's own address, which makes its origin.</param>
    /// <param name="url">What it reads.</param>
    /// <param name="leaves">Whether it is closed when the first event is there.</param>
    public static Task<BrowserPage> ListenAsync(Uri page, Uri url, bool leaves = false) =>
        OpenAsync(new { page, reader = "EventSource", url, leaves });

    /// <summary>What the page tells next.</summary>
    public async Task<JsonNode> NextAsync() => JsonNode.Parse(await _program.ReadLineAsync().WaitAsync(StreamTesting.Limit))!;

    /// <summary>What has arrived at a fetching page up to and with a text, however it was cut on the way.</summary>
    public async Task<string> ReadToAsync(string text)
    {
        var read = new StringBuilder();
        while (!read.ToString().Contains(text, StringComparison.Ordinal))
        {
            read.Append((string?)(await NextAsync())["text"] ?? throw new InvalidOperationException($"The stream ended after: {read}"));
        }

        return read.ToString();
    }

    public ValueTask DisposeAsync() => _program.DisposeAsync();

    private static async Task<BrowserPage> OpenAsync(object task) => new(await NodeProgram.StartAsync("browser.js", JsonSerializer.Serialize(task)));
}
