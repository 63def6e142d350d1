using System.Net;
using System.Net.Http.Headers;
using Gateway.Api.Configuration;
using Gateway.Api.Errors;
using Gateway.Api.Http;
using Microsoft.Extensions.Options;

namespace Gateway.Api.Faces.HomeAssistant;

/// <summary>
/// The two calls of Home Assistant's REST API that the gateway makes (developers.home-assistant.io, "REST API"), at the configured address
/// and at no other. Thread-safe.
/// </summary>
internal sealed class HomeAssistantClient : IDisposable
{
    // The name of Home Assistant may come to mean another address.
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(5);

    private readonly HomeAssistantOptions _options;
    private readonly TimeProvider _time;
    private readonly HttpClient _http;

    /// <summary>Makes a client; it connects when it is used.</summary>
    public HomeAssistantClient(IOptions<GatewayOptions> options, TimeProvider time)
    {
        _options = options.Value.HomeAssistant;
        _time = time;

        // The token goes nowhere else: not along redirects, not by way of proxies. Time is limited for headers and body together, below.
        var handler =
            new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                UseCookies = false,
                UseProxy = false,
                PooledConnectionLifetime = ConnectionLifetime,
            };
        _http = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        if (IsConfigured)
        {
            _http.BaseAddress = new Uri(_options.Url.TrimEnd('/') + "/api/");
            _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", _options.Token);
        }
    }

    /// <summary>Whether there is a Home Assistant.</summary>
    public bool IsConfigured => _options.Url.Length > 0;

    /// <summary>Takes a picture.</summary>
    /// <param name="entityId">The camera, a valid id.</param>
    /// <param name="timeLeft">How long it may take, where that is less than the configured time.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The image; or why there is none.</returns>
    /// <exception cref="OperationCanceledException">The token fired.</exception>
    public async Task<(byte[]? Image, ApiError? Error)> SnapshotAsync(
        string entityId, TimeSpan? timeLeft, CancellationToken cancellationToken)
    {
        byte[]? image = null;
        using var request = new HttpRequestMessage(HttpMethod.Get, $"camera_proxy/{entityId}");
        var error = await SendAsync(
            request,
            async (response, either) =>
            {
                if (SnapshotErrorIn(response, entityId) is { } refusal)
                {
                    return refusal;
                }

                await response.Content.LoadIntoBufferAsync(_options.MaxSnapshotBytes, either);
                image = await response.Content.ReadAsByteArrayAsync(either);
                return image.Length == 0 ? HomeAssistantErrors.EmptyImage(entityId) : null;
            },
            timeLeft,
            cancellationToken);
        return (error is null ? image : null, error);
    }

    /// <summary>Fires an event.</summary>
    /// <param name="type">The event's type, as automations name it.</param>
    /// <param name="data">The event's data: a JSON object.</param>
    /// <param name="timeLeft">How long it may take, where that is less than the configured time.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Why it is not fired; null when it is.</returns>
    /// <exception cref="OperationCanceledException">The token fired.</exception>
    public async Task<ApiError?> FireAsync(string type, ReadOnlyMemory<byte> data, TimeSpan? timeLeft, CancellationToken cancellationToken)
    {
        using var content = new ReadOnlyMemoryContent(data) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        using var request = new HttpRequestMessage(HttpMethod.Post, $"events/{type}") { Content = content };
        return await SendAsync(
            request,
            (response, _) =>
                Task.FromResult(response.IsSuccessStatusCode ? null : HomeAssistantErrors.EventRefused((int)response.StatusCode)),
            timeLeft,
            cancellationToken);
    }

    public void Dispose() => _http.Dispose();

    private static ApiError? SnapshotErrorIn(HttpResponseMessage response, string entityId) => response switch
    {
        { StatusCode: HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden } => HomeAssistantErrors.TokenRefused,
        { StatusCode: HttpStatusCode.NotFound } => HomeAssistantErrors.NoCamera(entityId),
        { StatusCode: not HttpStatusCode.OK } => HomeAssistantErrors.NoSnapshot(entityId, (int)response.StatusCode),
        _ => response.Content.Headers.ContentType?.MediaType?.StartsWith("image/", StringComparison.OrdinalIgnoreCase) == true
            ? null
            : HomeAssistantErrors.NoImage(entityId),
    };

    private async Task<ApiError?> SendAsync(
        HttpRequestMessage request,
        Func<HttpResponseMessage, CancellationToken, Task<ApiError?>> read,
        TimeSpan? timeLeft,
        CancellationToken cancellationToken)
    {
        var limit = RequestTimeout.Shorter(_options.Timeout, timeLeft) is { Ticks: > 0 } time ? time : TimeSpan.Zero;
        using var timeout = new CancellationTokenSource(limit, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            return await read(response, either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return HomeAssistantErrors.TooSlow(limit);
        }
        catch (HttpRequestException failure) when (failure.HttpRequestError == HttpRequestError.ConfigurationLimitExceeded)
        {
            return HomeAssistantErrors.TooLarge(_options.MaxSnapshotBytes);
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException)
        {
            return HomeAssistantErrors.Unreachable;
        }
    }
}
