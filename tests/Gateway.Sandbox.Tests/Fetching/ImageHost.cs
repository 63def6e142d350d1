using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Sandbox.Tests.Fetching;

/// <summary>A real HTTP server on a free port that answers every path with one handler.</summary>
internal sealed class ImageHost : IAsyncDisposable
{
    private readonly WebApplication _app;

    private ImageHost(WebApplication app) => _app = app;

    /// <summary>Host and port, as the configuration names it.</summary>
    public string Authority => new Uri(_app.Urls.Single()).Authority;

    public static async Task<ImageHost> StartAsync(RequestDelegate handler)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddRoutingCore();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http1));
        var app = builder.Build();
        app.Run(handler);
        await app.StartAsync();
        return new ImageHost(app);
    }

    public static Task<ImageHost> StartAsync(byte[] image) => StartAsync(context => context.Response.Body.WriteAsync(image).AsTask());

    public string Url(string path = "/image") => $"http://{Authority}{path}";

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
