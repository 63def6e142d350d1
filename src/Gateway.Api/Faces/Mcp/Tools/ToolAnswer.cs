using System.Buffers;
using System.Text.Json;
using Gateway.Api.Configuration;
using Gateway.Api.Http;
using Gateway.Api.Logging;
using Gateway.Api.Models;
using Gateway.Api.Streams;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using StatusCode = Clarifai.Api.Status.StatusCode;

namespace Gateway.Api.Faces.Mcp.Tools;

/// <summary>
/// The answer to a POST, as events or, for a client that reads no events and where HTTP says as well what is wrong, as JSON. It begins with
/// the first message, is counted and guarded like all others, has heartbeats while a tool takes long, and stays empty when there is nothing
/// to answer.
/// </summary>
internal sealed class ToolAnswer : IAsyncDisposable
{
    private const string Json = "application/json";

    private static readonly SseFormat Events = new();

    private readonly HttpContext _http;
    private readonly McpBody _body;
    private readonly TimeSpan _interval;
    private readonly Heartbeats _heartbeats;
    private bool _isJson;
    private bool _hasBegun;

    /// <summary>Prepares the answer; heartbeats begin after their grace.</summary>
    /// <param name="http">The POST.</param>
    /// <param name="body">What it brought.</param>
    /// <param name="streams">When heartbeats are due.</param>
    /// <param name="wheel">Tells that they are.</param>
    public ToolAnswer(HttpContext http, McpBody body, StreamOptions streams, HeartbeatWheel wheel)
    {
        _http = http;
        _body = body;
        _isJson = ReadsJsonAlone(http.Request);
        _interval = streams.HeartbeatInterval;
        _heartbeats = new Heartbeats(http, streams.HeartbeatGrace, wheel, BeatAsync) { IsOver = _isJson };
    }

    /// <summary>
    /// Sends a message of the server's. One that answers a request has the request's place for its id, and goes under the request's own.
    /// </summary>
    public async ValueTask SendAsync(JsonRpcMessage message)
    {
        var request = message is JsonRpcMessageWithId { Id.Id: long place } ? _body.Messages[(int)place] : null;
        if (_isJson && request is null)
        {
            return; // nobody reads notifications there
        }

        await _heartbeats.BeginTurnAsync(_http.RequestAborted);
        try
        {
            var isFirst = !_hasBegun;
            Begin(message is JsonRpcError error && !_body.IsBatch ? StatusOf(error.Error, request!) : StatusCodes.Status200OK);
            Write(message, request?.Id, isFirst);
            await ResponseFlow.FlushAsync(_http, _http.RequestAborted);
        }
        finally
        {
            _heartbeats.EndTurn();
        }
    }

    /// <summary>Ends the answer: one to nothing but notifications has no body.</summary>
    public async ValueTask EndAsync()
    {
        await DisposeAsync();
        if (!_hasBegun)
        {
            _http.Response.StatusCode = StatusCodes.Status202Accepted;
        }
        else if (_isJson && _body.IsBatch)
        {
            _http.Response.BodyWriter.Write("]"u8);
            await ResponseFlow.FlushAsync(_http, _http.RequestAborted);
        }
    }

    /// <summary>Ends the heartbeats; when it completes, nothing more is written.</summary>
    public ValueTask DisposeAsync() => _heartbeats.DisposeAsync();

    // By name: a client that takes anything has not said that it reads no events.
    private static bool ReadsJsonAlone(HttpRequest request)
    {
        var accepted = request.GetTypedHeaders().Accept.Where(type => type.Quality is not 0).Select(type => type.MediaType.Value).ToArray();
        return accepted.Contains(Json, StringComparer.OrdinalIgnoreCase)
            && !accepted.Contains(Events.MediaType, StringComparer.OrdinalIgnoreCase);
    }

    // What is wrong with the protocol, HTTP says as well: always in the era without handshakes, and of the handshake itself. What is wrong
    // with a tool, it does not.
    private static int StatusOf(JsonRpcErrorDetail error, McpMessage request) => (McpErrorCode)error.Code switch
    {
        McpErrorCode.UnsupportedProtocolVersion or McpErrorCode.HeaderMismatch or McpErrorCode.MissingRequiredClientCapability =>
            StatusCodes.Status400BadRequest,
        McpErrorCode.MethodNotFound when request.IsOfNewEra => StatusCodes.Status404NotFound,
        McpErrorCode.InvalidParams when request.IsHandshake || (request.IsOfNewEra && RequestShape.WrongIn(request) is not null) =>
            StatusCodes.Status400BadRequest,
        _ => StatusCodes.Status200OK,
    };

    private async ValueTask<TimeSpan> BeatAsync()
    {
        Begin(StatusCodes.Status200OK);
        Events.Heartbeat(_http.Response.BodyWriter);
        await ResponseFlow.FlushAsync(_http, _http.RequestAborted);
        return _interval;
    }

    private void Begin(int status)
    {
        if (_hasBegun)
        {
            return;
        }

        _hasBegun = true;
        var response = _http.Response;
        response.StatusCode = status;
        RequestRecord.Of(_http).Outcome = (int)(status == StatusCodes.Status200OK ? StatusCode.Success : StatusCode.ConnInvalidRequest);
        if (_isJson || status != StatusCodes.Status200OK)
        {
            _isJson = true;
            _heartbeats.IsOver = true;
            response.ContentType = Json;
        }
        else
        {
            Events.SetHeaders(response);
        }
    }

    private void Write(JsonRpcMessage message, string? id, bool isFirst)
    {
        var output = _http.Response.BodyWriter;
        if (!_isJson)
        {
            output.Write("event: message\ndata: "u8);
        }
        else if (_body.IsBatch)
        {
            output.Write(isFirst ? "["u8 : ","u8);
        }

        using (var json = new Utf8JsonWriter(output, JsonAnswer.Options))
        {
            WriteMessage(json, message, id);
        }

        output.Write(_isJson ? ""u8 : "\n\n"u8);
    }

    private static void WriteMessage(Utf8JsonWriter json, JsonRpcMessage message, string? id)
    {
        switch (message)
        {
            case JsonRpcResponse response:
                AnsweredRequest.Begin(json, id);
                json.WritePropertyName("result"u8);
                response.Result!.WriteTo(json);
                json.WriteEndObject();
                break;
            case JsonRpcError error:
                AnsweredRequest.Begin(json, id);
                json.WritePropertyName("error"u8);
                JsonSerializer.Serialize(json, error.Error, McpJsonUtilities.DefaultOptions.GetTypeInfo<JsonRpcErrorDetail>());
                json.WriteEndObject();
                break;
            default:
                JsonSerializer.Serialize(json, message, McpJsonUtilities.DefaultOptions.GetTypeInfo<JsonRpcMessage>());
                break;
        }
    }
}
