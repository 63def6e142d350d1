using Clarifai.Api;
using Gateway.Api.Errors;
using Gateway.Api.Http;
using Gateway.Api.Memory;
using Gateway.Api.Models;
using Gateway.Core.Methods;
using Gateway.Core.Wire;
using Microsoft.AspNetCore.Http.Features;

namespace Gateway.Api.Faces.Methods;

/// <summary>The arguments in the body of one call: an object, a list of objects, or a form.</summary>
/// <param name="method">The method to call.</param>
/// <param name="wire">Takes the inputs, one for each argument object, as wire bytes of the request.</param>
/// <param name="arguments">Writes arguments.</param>
internal sealed class ArgumentBody(ModelMethod method, WireWriter wire, ArgumentFactory arguments)
{
    private const string TypesTaken = $"{BodyType.Json} and multipart/form-data";

    /// <summary>Whether the body was a list, so that the answer is one.</summary>
    public bool IsBatch { get; private set; }

    /// <summary>How many inputs there are.</summary>
    public int Count { get; private set; } = 1;

    /// <summary>Reads the body of a request.</summary>
    /// <returns>Why it cannot be read; null when it can.</returns>
    public async ValueTask<ApiError?> ReadAsync(HttpContext http)
    {
        var error = await (FormReader.IsForm(http.Request) ? ReadFormAsync(http) : ReadJsonAsync(http));
        http.Features.GetRequiredFeature<ByteShare>().Exchange(wire.Length);
        return error;
    }

    private async ValueTask<ApiError?> ReadJsonAsync(HttpContext http)
    {
        using var reader = arguments.NewReader(method, wire, arguments.MaxInputs);
        var error = await RequestBody.ReadJsonAsync(http, reader, arguments.MaxBytes, TypesTaken);
        if (error is not null)
        {
            return error;
        }

        reader.Complete();
        (IsBatch, Count) = (reader.IsBatch, reader.IsBatch ? reader.Count : 1);
        return reader.Error is { } unreadable
            ? ApiErrors.Unreadable(unreadable)
            : (IsBatch ? BatchError() : null) ?? MethodErrors.In(reader);
    }

    private ApiError? BatchError() => method.Kind != RunnerMethodType.UnaryUnary ? MethodErrors.NoBatch(method.Name)
        : Count == 0 ? MethodErrors.EmptyBatch
        : Count > arguments.MaxInputs ? MethodErrors.BatchTooLarge(Count, arguments.MaxInputs)
        : null;

    private async ValueTask<ApiError?> ReadFormAsync(HttpContext http)
    {
        using var set = arguments.NewSet(method, wire);
        set.Begin();
        var error = await arguments.NewForm(http).ReadAsync(
            part => (part.IsFile ? set.AddFile(part.Name, part.Content) : set.AddText(part.Name, part.Body)) is { } wrong
            ? MethodErrors.Argument(wrong)
            : null);
        return error ?? (set.End() is { } missing ? MethodErrors.Argument(missing) : null);
    }
}
