using System.Text.Json;
using Clarifai.Api;
using Gateway.Api.Calls;
using Gateway.Api.Errors;
using Gateway.Api.Requests;
using Gateway.Core.Json;
using Gateway.Core.Methods;

namespace Gateway.Api.Methods;

/// <summary>The arguments in the body of one call: an object, a list of objects, or a form.</summary>
/// <param name="method">The method to call.</param>
/// <param name="services">What all routes of methods share.</param>
public sealed class ArgumentBody(ModelMethod method, MethodServices services)
{
    /// <summary>The inputs of the call, one for each argument object.</summary>
    public List<Input> Inputs { get; } = [];

    /// <summary>Whether the body was a list, so that the answer is one.</summary>
    public bool IsBatch { get; private set; }

    /// <summary>Reads the body of a request.</summary>
    /// <returns>Why it cannot be read; null when it can.</returns>
    public ValueTask<ApiError?> ReadAsync(HttpContext http) => FormReader.IsForm(http.Request) ? ReadFormAsync(http) : ReadJsonAsync(http);

    private async ValueTask<ApiError?> ReadJsonAsync(HttpContext http)
    {
        using var text = new JsonTextReader(services.Calls.JsonLimits, services.Calls.Segments);
        var error = await RequestBody.ReadJsonAsync(http, text, services.Calls.Limits.MaxBodyBytes);
        if (error is not null)
        {
            return error;
        }

        using var json = text.Complete();
        return json is null ? ApiErrors.Unreadable(text.Error!) : Read(json.RootElement);
    }

    private ApiError? Read(JsonElement body) => body.ValueKind switch
    {
        JsonValueKind.Object => Add(body) is { } error ? MethodErrors.Argument(error) : null,
        JsonValueKind.Array => ReadBatch(body),
        _ => MethodErrors.NoArguments,
    };

    private ApiError? ReadBatch(JsonElement batch)
    {
        IsBatch = true;
        if (method.Kind != RunnerMethodType.UnaryUnary)
        {
            return MethodErrors.NoBatch(method.Name);
        }

        var count = batch.GetArrayLength();
        if (count == 0 || count > services.MaxInputs)
        {
            return count == 0 ? MethodErrors.EmptyBatch : MethodErrors.BatchTooLarge(count, services.MaxInputs);
        }

        foreach (var arguments in batch.EnumerateArray())
        {
            if (arguments.ValueKind != JsonValueKind.Object)
            {
                return MethodErrors.NoArguments;
            }

            if (Add(arguments) is { } error)
            {
                return MethodErrors.Argument(Inputs.Count, error);
            }
        }

        return null;
    }

    private ArgumentError? Add(JsonElement arguments)
    {
        var set = new ArgumentSet(method, services.Arguments);
        var error = set.AddAll(arguments) ?? set.Missing();
        if (error is null)
        {
            Inputs.Add(set.Input);
        }

        return error;
    }

    private async ValueTask<ApiError?> ReadFormAsync(HttpContext http)
    {
        var set = new ArgumentSet(method, services.Arguments);
        var form = new FormReader(http, services.Calls.Limits.MaxBodyBytes);
        var error = await form.ReadAsync(part => (part.IsFile ? set.AddFile(part.Name, part.Content) : set.AddText(part.Name, part.Text)) is { } wrong
            ? MethodErrors.Argument(wrong)
            : null);
        if (error is null && set.Missing() is { } missing)
        {
            return MethodErrors.Argument(missing);
        }

        Inputs.Add(set.Input);
        return error;
    }
}
