using Clarifai.Api.Status;
using Gateway.Api.Errors;
using Gateway.Core.Methods;
using Gateway.Core.Upstream.Failures;

namespace Gateway.Api.Models;

/// <summary>What goes wrong with methods before the upstream is called.</summary>
internal static class MethodErrors
{
    /// <summary>The body of a call holds neither arguments nor a list of them.</summary>
    public static readonly ApiError NoArguments = Invalid("The body is neither an object of arguments nor a list of such objects.");

    /// <summary>A list of argument objects has none.</summary>
    public static readonly ApiError EmptyBatch = Invalid("The body is a list without argument objects.");

    /// <summary>A list where the method takes one set of arguments.</summary>
    public static ApiError NoBatch(string method) =>
        Invalid($"{method} streams its results: it takes one object of arguments, not a list.");

    /// <summary>Too many argument objects in one call.</summary>
    public static ApiError BatchTooLarge(int count, int limit) =>
        Invalid($"The list has {count} argument objects; the limit for one call is {limit}.");

    /// <summary>An argument is missing, unknown or of another type.</summary>
    public static ApiError Argument(ArgumentError error) => Invalid(error.ToString());

    /// <summary>What is wrong with the arguments in a text that can be read; null when nothing is.</summary>
    public static ApiError? In(ArgumentReader arguments) => arguments switch
    {
        { Wrong: null } => null,
        { IsNoObject: true } => NoArguments,
        { IsBatch: true } => Invalid($"[{arguments.WrongAt}].{arguments.Wrong}"),
        _ => Argument(arguments.Wrong),
    };

    /// <summary>The model's methods cannot be found.</summary>
    /// <param name="answer">An answer without methods.</param>
    public static ApiError Unavailable(SignatureAnswer answer) =>
        answer.CallFailure is { } status ? UpstreamStatus.ToApiError(status, default) : ApiErrors.OfMessage(answer.Failure!);

    /// <summary>Why a call of the gateway's own did not tell; null when it did.</summary>
    /// <param name="outcome">How the call went.</param>
    /// <param name="said">What its answer says of itself; null without one.</param>
    public static ApiError? FailureOf(CallOutcome outcome, Status? said) =>
        !outcome.IsOK ? UpstreamStatus.ToApiError(outcome, default)
            : said is not null && StatusMap.IsFailure(said) ? ApiErrors.OfMessage(said)
            : null;

    /// <summary>The model has no method of this name.</summary>
    public static ApiError Unknown(ModelAddress model, string method, ModelMethods methods) => new(
        StatusCodes.Status404NotFound, (int)StatusCode.ConnDoesNotExist, "Resource does not exist",
        $"The model {model.ModelId} has no method {method}; it has "
            + $"{(methods.All.Length == 0 ? "none" : string.Join(", ", methods.All.Select(one => one.Name)))}.");

    /// <summary>A method of a kind that no RPC of the API calls.</summary>
    public static ApiError KindUnknown(ModelMethod method) => new(
        StatusCodes.Status501NotImplemented, (int)StatusCode.NotImplemented, "Not implemented",
        $"{method.Name} is of the kind {KindText.Of(method.Kind)}, which the API cannot call.");

    /// <summary>A WebSocket where the method takes one message.</summary>
    public static ApiError NoSocket(string method) => Invalid($"{method} takes one object of arguments: POST it.");

    /// <summary>Something that is wrong with a request.</summary>
    public static ApiError Invalid(string details) =>
        new(StatusCodes.Status400BadRequest, (int)StatusCode.ModelInvalidArgument, "Invalid argument", details);
}
