using System.Globalization;
using Clarifai.Api.Status;
using Gateway.Api.Errors;

namespace Gateway.Api.Faces.OpenAi;

/// <summary>What goes wrong at the OpenAI face before a model is called.</summary>
internal static class OpenAiErrors
{
    /// <summary>The body is JSON, but no object.</summary>
    public static readonly ApiError NoObject = Invalid(null, "The body is not a JSON object.");

    /// <summary>The request does not name a model as the face knows them.</summary>
    public static readonly ApiError NoModel = Invalid(
        "model",
        "model is the URL of a model (https://clarifai.com/user/app/models/id), user/app/models/id, both with /versions/id if need "
            + "be, an id, or an alias of this gateway.");

    /// <summary>A member of the request cannot be what it is.</summary>
    /// <param name="parameter">The member; null for the request itself.</param>
    /// <param name="details">What is wrong, and what would be right.</param>
    public static ApiError Invalid(string? parameter, string details) =>
        new(StatusCodes.Status400BadRequest, (int)StatusCode.ConnInvalidRequest, "Invalid request", details) { Parameter = parameter };

    /// <summary>The model answers more than an answer in one piece may have.</summary>
    /// <param name="limit">The limit in bytes.</param>
    public static ApiError AnswerTooLarge(long limit) => new(
        StatusCodes.Status502BadGateway, (int)StatusCode.RpcMaxMessageSizeExceeded, "Upstream message too large",
        string.Create(
            CultureInfo.InvariantCulture,
            $"The model's answer is over the limit of {limit} bytes; a stream, or fewer max_tokens, would be within it."));

    /// <summary>The model has no way to do what the path is for.</summary>
    /// <param name="model">What the request calls it.</param>
    /// <param name="what">What it should do, to follow "cannot be used for".</param>
    /// <param name="needs">What it would need for that.</param>
    public static ApiError Unfit(string model, string what, string needs) =>
        Invalid("model", $"The model {model} cannot be used for {what} here: it would need {needs}.");
}
