using System.Net;
using Clarifai.Api.Status;
using Gateway.Sandbox.Images;
using Gateway.Sandbox.Models;

namespace Gateway.Sandbox.Fetching;

/// <summary>
/// Fetches images over HTTP from the hosts that the configuration allows, and from no other: a redirect is followed only to
/// an allowed host. Size and time are limited. Thread-safe.
/// </summary>
internal sealed class ImageFetcher : IDisposable
{
    private const int MaxRedirects = 3;

    private readonly HashSet<string> _allowedHosts;
    private readonly TimeSpan _timeout;
    private readonly TimeProvider _time;
    private readonly HttpClient _http;

    public ImageFetcher(SandboxOptions options, TimeProvider time)
    {
        _allowedHosts = new HashSet<string>(options.AllowedImageHosts, StringComparer.OrdinalIgnoreCase);
        _timeout = options.ImageFetchTimeout;
        _time = time;

        // Redirects are followed here, host by host. Time is limited for headers and body together, below.
        _http = new HttpClient(
            new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false })
        { Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <summary>Fetches an image: its bytes, or why not.</summary>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public async Task<FetchedImage> FetchAsync(string url, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(_timeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            return await FollowAsync(url, either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return Failed($"fetching took longer than {_timeout.TotalSeconds} seconds");
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            return Failed("the connection failed");
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<FetchedImage> FollowAsync(string url, CancellationToken cancellationToken)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var address))
        {
            return new FetchedImage(new Failure(StatusCode.InputInvalidUrl, "the image URL is not a URL"));
        }

        for (var redirects = 0; redirects <= MaxRedirects; redirects++)
        {
            if (Refuse(address) is { } refusal)
            {
                return new FetchedImage(refusal);
            }

            using var response = await _http.GetAsync(address, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            if (!IsRedirect(response, address, out var next))
            {
                return await ReadAsync(response, cancellationToken);
            }

            address = next;
        }

        return Failed($"there were more than {MaxRedirects} redirects");
    }

    private Failure? Refuse(Uri address)
    {
        if (address.Scheme != Uri.UriSchemeHttp && address.Scheme != Uri.UriSchemeHttps)
        {
            return new Failure(StatusCode.InputInvalidUrl, $"images are fetched over http and https, not {address.Scheme}");
        }

        if (_allowedHosts.Contains(address.Host) && address.IsDefaultPort)
        {
            return null;
        }

        if (_allowedHosts.Contains(address.Authority))
        {
            return null;
        }

        return new Failure(
            StatusCode.InputFailed,
            $"the sandbox may not fetch from {address.Authority}: add it to Gateway:Sandbox:AllowedImageHosts, or send the image as "
                + "base64");
    }

    private static bool IsRedirect(HttpResponseMessage response, Uri address, out Uri next)
    {
        next = address;
        if (response.StatusCode is < HttpStatusCode.MultipleChoices or >= HttpStatusCode.BadRequest)
        {
            return false;
        }

        if (response.Headers.Location is not { } location)
        {
            return false;
        }

        return Uri.TryCreate(address, location, out next!);
    }

    private static async Task<FetchedImage> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (!response.IsSuccessStatusCode)
        {
            return Failed($"the host answered {(int)response.StatusCode}");
        }

        if (response.Content.Headers.ContentLength > ImageLimits.MaxBytes)
        {
            return TooLarge();
        }

        // The length told is not trusted: memory grows with what arrives, up to the limit.
        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        var image = new MemoryStream();
        var buffer = new byte[64 * 1024];
        for (int read; (read = await body.ReadAsync(buffer, cancellationToken)) > 0;)
        {
            if (image.Length + read > ImageLimits.MaxBytes)
            {
                return TooLarge();
            }

            image.Write(buffer, 0, read);
        }

        return new FetchedImage(image.ToArray());
    }

    private static FetchedImage TooLarge() =>
        new(new Failure(StatusCode.MpDownloadMaxSizeExceededError, $"the image has more bytes than the limit of {ImageLimits.MaxBytes}"));

    private static FetchedImage Failed(string reason) =>
        new(new Failure(StatusCode.InputFailed, $"the image could not be fetched: {reason}"));
}
