using System.Net.Http.Headers;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Gateway.Api.Commands;

/// <summary>A client of a gateway. What fails, in whatever way, is a <see cref="CommandFault"/> of one sentence.</summary>
internal sealed class GatewayClient : IAsyncDisposable
{
    private const string RequestIdHeader = "X-Request-ID";
    private const string ErrorEvent = "error";
    private const string EventStream = "text/event-stream";
    private const string StreamEnd = "[DONE]";

    private readonly LocalGateway? _local;
    private readonly HttpClient _http;

    /// <summary>Makes one.</summary>
    /// <param name="address">Where the gateway is.</param>
    /// <param name="key">The key to send; null for none.</param>
    /// <param name="local">The gateway, where it ends with its client.</param>
    public GatewayClient(Uri address, string? key, LocalGateway? local)
    {
        _local = local;
        _http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = local is null })
        {
            BaseAddress = new Uri(address.ToString().TrimEnd('/') + '/'),
            Timeout = Timeout.InfiniteTimeSpan, // the gateway has limits
        };
        if (key is not null)
        {
            _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        }
    }

    private string Authority => _http.BaseAddress!.GetLeftPart(UriPartial.Authority);

    /// <summary>Asks, and returns the answer's JSON.</summary>
    /// <param name="path">Where.</param>
    /// <param name="member">What every such answer of a gateway has.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public Task<JsonElement> GetAsync(string path, string member, CancellationToken cancellationToken) =>
        ReadAsync(new HttpRequestMessage(HttpMethod.Get, path), member, cancellationToken);

    /// <summary>Sends JSON, and returns the answer's.</summary>
    /// <param name="path">Where to.</param>
    /// <param name="body">What.</param>
    /// <param name="member">What every such answer of a gateway has.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public Task<JsonElement> PostAsync(string path, JsonNode body, string member, CancellationToken cancellationToken) =>
        ReadAsync(Post(path, body), member, cancellationToken);

    /// <summary>Sends JSON, and yields the data of the answer's Server-Sent Events as they come, to the one that ends them.</summary>
    /// <param name="path">Where to.</param>
    /// <param name="body">What.</param>
    /// <param name="member">What every such event of a gateway has.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async IAsyncEnumerable<JsonElement> StreamAsync(
        string path, JsonNode body, string member, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var request = Post(path, body);
        using var response = await SendAsync(request, cancellationToken);
        if (response.Content.Headers.ContentType?.MediaType != EventStream)
        {
            throw NoGateway();
        }

        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        await using var events = SseParser.Create(stream).EnumerateAsync(cancellationToken).GetAsyncEnumerator(cancellationToken);
        while (await OrFaultAsync(() => events.MoveNextAsync().AsTask()))
        {
            if (events.Current.EventType == ErrorEvent)
            {
                throw new CommandFault(ErrorText.Of(events.Current.Data, status: null, RequestIdOf(response)));
            }

            if (events.Current.Data == StreamEnd)
            {
                yield break;
            }

            yield return Parse(events.Current.Data, member);
        }

        throw new CommandFault("The answer was cut off before its end.");
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        if (_local is not null)
        {
            await _local.DisposeAsync();
        }
    }

    private static HttpRequestMessage Post(string path, JsonNode body) => new(HttpMethod.Post, path)
    {
        Content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(body)) { Headers = { ContentType = new("application/json") } },
    };

    private async Task<JsonElement> ReadAsync(HttpRequestMessage request, string member, CancellationToken cancellationToken)
    {
        using var sent = request;
        using var response = await SendAsync(request, cancellationToken);
        return Parse(await TextOfAsync(response, cancellationToken), member);
    }

    private JsonElement Parse(string text, string member)
    {
        try
        {
            var json = JsonElement.Parse(text);
            return json.Member(member) is null ? throw NoGateway() : json;
        }
        catch (JsonException)
        {
            throw NoGateway();
        }
    }

    private CommandFault NoGateway() => new($"What is at {Authority} is no gateway: its answer is not the API's JSON.");

    // JSON is UTF-8, whatever the answer's header says of it.
    private async Task<string> TextOfAsync(HttpResponseMessage response, CancellationToken cancellationToken) =>
        Encoding.UTF8.GetString(await OrFaultAsync(() => response.Content.ReadAsByteArrayAsync(cancellationToken)));

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await OrFaultAsync(() => _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken));
        if (response.IsSuccessStatusCode)
        {
            return response;
        }

        using (response)
        {
            var text = await TextOfAsync(response, cancellationToken);
            throw new CommandFault(ErrorText.Of(text, response.StatusCode, RequestIdOf(response)));
        }
    }

    private async Task<T> OrFaultAsync<T>(Func<Task<T>> act)
    {
        try
        {
            return await act();
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException)
        {
            var reason = failure.GetBaseException().Message.TrimEnd('.').ReplaceLineEndings(" ");
            throw new CommandFault($"The gateway at {Authority} cannot be asked: {reason}.");
        }
    }

    private static string? RequestIdOf(HttpResponseMessage response) =>
        response.Headers.TryGetValues(RequestIdHeader, out var ids) ? ids.First() : null;
}
