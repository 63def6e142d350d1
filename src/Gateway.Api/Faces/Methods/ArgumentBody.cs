using Clarifai.Api;
using Gateway.Api.Errors;
using Gateway.Api.Http;
using Gateway.Api.Models;
using Gateway.Core.Methods;
using Gateway.Core.Wire;

namespace Gateway.Api.Faces.Methods;

/// <summary>The arguments in the body of one call: an object, a list of objects, or a form.</summary>
/// <param name="method">The method to call.</param>
/// <param name="wire">Takes the inputs, one for each argument object, as wire bytes of the request.</param>
/// <param name="services">What all routes of methods share.</param>
internal sealed class ArgumentBody(ModelMethod method, WireWriter wire, MethodServices services)
{
    /// <summary>Whether the body was a list, so that the answer is one.</summary>
    public bool IsBatch { get; private set; }

    /// <summary>How many inputs there are.</summary>
    public int Count { get; private set; } = 1;

    /// <summary>Reads the body of a request.</summary>
    /// <returns>Why it cannot be read; null when it can.</returns>
    public ValueTask<ApiError?> ReadAsync(HttpContext http) => FormReader.IsForm(http.Request) ? ReadFormAsync(http) : ReadJsonAsync(http);

    private async ValueTask<ApiError?> ReadJsonAsync(HttpContext http)
    {
        using var reader = new ArgumentReader(method, services.Arguments, wire, services.Calls.Segments, services.MaxInputs);
        var error = await RequestBody.ReadJsonAsync(http, reader, services.Calls.Limits.MaxBodyBytes);
        if (error is not null)
        {
            return error;
        }

        reader.Complete();
        (IsBatch, Count) = (reader.IsBatch, reader.IsBatch ? reader.Count : 1);
        return reader.Error is { } unreadable ? ApiErrors.Unreadable(unreadable) : (IsBatch ? BatchError() : null) ?? MethodErrors.In(reader);
    }

    private ApiError? BatchError() => method.Kind != RunnerMethodType.UnaryUnary ? MethodErrors.NoBatch(method.Name)
        : Count == 0 ? MethodErrors.EmptyBatch
        : Count > services.MaxInputs ? MethodErrors.BatchTooLarge(Count, services.MaxInputs)
        : null;

    private async ValueTask<ApiError?> ReadFormAsync(HttpContext http)
    {
        using var set = services.ArgumentsOf(method, wire);
        set.Begin();
        var form = new FormReader(http, services.Calls.Limits.MaxBodyBytes, services.Calls.Segments);
        var error = await form.ReadAsync(part => (part.IsFile ? set.AddFile(part.Name, part.Content) : set.AddText(part.Name, part.Body)) is { } wrong
            ? MethodErrors.Argument(wrong)
            : null);
        return error ?? (set.End() is { } missing ? MethodErrors.Argument(missing) : null);
    }
}
