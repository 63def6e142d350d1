using System.Text.Json;
using Clarifai.Api;
using Clarifai.Api.Status;
using Gateway.Api.Errors;
using Gateway.Api.Http;
using Gateway.Api.Models;
using Gateway.Core.Methods;
using Gateway.Core.Methods.Values;
using Gateway.Core.Wire;
using Task = System.Threading.Tasks.Task;

namespace Gateway.Api.Faces.Methods;

/// <summary>Answers a call that the upstream has answered once: the plain result, or a list of them.</summary>
internal sealed class ResultAnswer(ResultWriter results, SegmentPool segments)
{
    /// <summary>Why a call has no results; null when it has one for each input, or failed for some of a batch only.</summary>
    public static ApiError? FailureIn(MultiOutputResponse response, ArgumentBody body)
    {
        var status = response.Status ?? new Status();
        if (!body.IsBatch && response.Outputs is [{ Status: { } only }] && StatusMap.IsFailure(only))
        {
            status = only; // nearer to the cause
        }

        return StatusMap.IsFailure(status) ? ApiErrors.OfMessage(status)
            : response.Outputs.Count != body.Count ? ApiErrors.UpstreamUnreadable
            : null;
    }

    /// <summary>Answers a request.</summary>
    /// <param name="method">What was called.</param>
    /// <param name="response">What the upstream has answered.</param>
    /// <param name="data">The wire bytes of what its outputs hold.</param>
    /// <param name="isBatch">Whether it is for a list of inputs.</param>
    public async Task WriteAsync(
        HttpContext http, ModelMethod method, MultiOutputResponse response, IReadOnlyList<ReadOnlyMemory<byte>?> data, bool isBatch)
    {
        using var body = new WireWriter(segments);
        if (!TryWrite(method, response, data, isBatch, body))
        {
            await ErrorWriter.WriteAsync(http, ApiErrors.UpstreamUnreadable);
            return;
        }

        var counts = new TokenCounts();
        foreach (var output in response.Outputs)
        {
            counts.Add(output);
        }

        counts.SetHeaders(http.Response);
        await JsonAnswer.WriteAsync(http, body.Written);
    }

    private bool TryWrite(
        ModelMethod method, MultiOutputResponse response, IReadOnlyList<ReadOnlyMemory<byte>?> data, bool isBatch, WireWriter body)
    {
        using var json = new Utf8JsonWriter(body, JsonAnswer.Options);
        if (!isBatch)
        {
            return TryWrite(method, data[0], json);
        }

        json.WriteStartArray();
        foreach (var (output, held) in response.Outputs.Zip(data))
        {
            if (output.Status is { } status && StatusMap.IsFailure(status))
            {
                WriteFailure(status, json);
            }
            else if (!TryWrite(method, held, json))
            {
                return false;
            }
        }

        json.WriteEndArray();
        return true;
    }

    private bool TryWrite(ModelMethod method, ReadOnlyMemory<byte>? data, Utf8JsonWriter json) =>
        results.TryWrite(method, data.GetValueOrDefault().Span, json);

    // In the place of its result, so that the others keep theirs.
    private static void WriteFailure(Status status, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteStartObject("status"u8);
        json.WriteNumber("code"u8, (int)status.Code);
        json.WriteString("description"u8, status.Description);
        json.WriteString("details"u8, status.Details);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
