using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Gateway.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Gateway.Api.Tests.Faces.HomeAssistant;

/// <summary>
/// A Home Assistant with cameras: the two paths of its REST API that count here, its token check, and its answers. Snapshots need a user's token,
/// events an administrator's.
/// </summary>
internal sealed class FakeHomeAssistant : IAsyncDisposable
{
    public const string Token = "canary-long-lived-token";

    private static readonly Lazy<byte[]> Boats = new(() => File.ReadAllBytes(Path.Combine(Repository.Root, "samples", "boats.png")));

    private readonly ConcurrentQueue<JsonObject> _events = new();
    private readonly SemaphoreSlim _eventFired = new(0);
    private readonly SemaphoreSlim _snapshotAsked = new(0);
    private TestServer? _server;
    private int _snapshots;
    private int _atOnce;

    private FakeHomeAssistant()
    {
    }

    /// <summary>A PNG that the sandbox can look at.</summary>
    public static byte[] Picture => Boats.Value;

    public Uri Address => _server!.Address;

    /// <summary>Which token it knows.</summary>
    public string KnownToken { get; set; } = Token;

    /// <summary>Whether the token's user is an administrator.</summary>
    public bool IsAdmin { get; set; } = true;

    /// <summary>What a camera does when it is asked for a picture.</summary>
    public Func<HttpContext, Task> Camera { get; set; } = http => AnswerAsync(http, "image/png", Picture);

    /// <summary>What was asked, in order: verb, path and query.</summary>
    public ConcurrentQueue<string> Requests { get; } = new();

    /// <summary>The data of the events that were fired.</summary>
    public IReadOnlyCollection<JsonObject> Events => _events;

    /// <summary>How often a camera was asked.</summary>
    public int Snapshots => Volatile.Read(ref _snapshots);

    /// <summary>The most requests for pictures that there were at the same time.</summary>
    public int MostAtOnce { get; private set; }

    public static async Task<FakeHomeAssistant> StartAsync(string path = "")
    {
        var fake = new FakeHomeAssistant();
        fake._server = await TestServer.StartAsync(
            app =>
            {
                app.UsePathBase(path);
                app.Use(fake.AuthenticateAsync);
                app.UseRouting();
                app.MapGet("/api/camera_proxy/camera.front_door", fake.SnapshotAsync);
                app.MapPost("/api/events/{type}", fake.FireAsync);
            },
            HttpProtocols.Http1);
        return fake;
    }

    public static Task AnswerAsync(HttpContext http, string contentType, byte[] body)
    {
        http.Response.ContentType = contentType;
        return http.Response.Body.WriteAsync(body).AsTask();
    }

    /// <summary>Completes when an event was fired that no earlier call of this has told of.</summary>
    public Task NextEventAsync() => _eventFired.WaitAsync();

    /// <summary>The same for a camera that is asked for a picture.</summary>
    public Task NextSnapshotAsync() => _snapshotAsked.WaitAsync();

    public async ValueTask DisposeAsync()
    {
        await _server!.DisposeAsync();
        _eventFired.Dispose();
        _snapshotAsked.Dispose();
    }

    private Task AuthenticateAsync(HttpContext http, RequestDelegate next)
    {
        Requests.Enqueue($"{http.Request.Method} {http.Request.PathBase}{http.Request.Path}{http.Request.QueryString}");
        if (http.Request.Headers.Authorization == $"Bearer {KnownToken}")
        {
            return next(http);
        }

        http.Response.StatusCode = StatusCodes.Status401Unauthorized;
        return http.Response.WriteAsync("401: Unauthorized");
    }

    private async Task SnapshotAsync(HttpContext http)
    {
        MostAtOnce = Math.Max(MostAtOnce, Interlocked.Increment(ref _atOnce));
        Interlocked.Increment(ref _snapshots);
        _snapshotAsked.Release();
        try
        {
            await Camera(http);
        }
        finally
        {
            Interlocked.Decrement(ref _atOnce);
        }
    }

    private async Task FireAsync(HttpContext http)
    {
        var body = await new StreamReader(http.Request.Body).ReadToEndAsync();
        if (!IsAdmin)
        {
            http.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return;
        }

        var type = (string)http.Request.RouteValues["type"]!;
        _events.Enqueue(new JsonObject { ["event_type"] = type, ["content_type"] = http.Request.ContentType, ["data"] = JsonNode.Parse(body)!.AsObject() });
        _eventFired.Release();
        await http.Response.WriteAsJsonAsync(new { message = $"Event {type} fired." });
    }
}
