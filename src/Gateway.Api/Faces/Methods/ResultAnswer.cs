using System.Text.Json;
using Clarifai.Api;
using Clarifai.Api.Status;
using Gateway.Api.Errors;
using Gateway.Api.Http;
using Gateway.Api.Models;
using Gateway.Core.Methods;
using Gateway.Core.Methods.Values;
using Task = System.Threading.Tasks.Task;

namespace Gateway.Api.Faces.Methods;

/// <summary>Answers a call that the upstream has answered once: the plain result, or a list of them.</summary>
internal sealed class ResultAnswer(ResultWriter results)
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
    public Task WriteAsync(HttpContext http, ModelMethod method, MultiOutputResponse response, bool isBatch)
    {
        var counts = new TokenCounts();
        foreach (var output in response.Outputs)
        {
            counts.Add(output);
        }

        counts.SetHeaders(http.Response);
        return JsonAnswer.WriteAsync(http, json => Write(method, response, isBatch, json));
    }

    private void Write(ModelMethod method, MultiOutputResponse response, bool isBatch, Utf8JsonWriter json)
    {
        if (!isBatch)
        {
            results.Write(method, response.Outputs[0].Data ?? new Data(), json);
            return;
        }

        json.WriteStartArray();
        foreach (var output in response.Outputs)
        {
            if (output.Status is { } status && StatusMap.IsFailure(status))
            {
                WriteFailure(status, json);
            }
            else
            {
                results.Write(method, output.Data ?? new Data(), json);
            }
        }

        json.WriteEndArray();
    }

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
