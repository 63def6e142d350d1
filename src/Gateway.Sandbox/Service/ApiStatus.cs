using Clarifai.Api.Status;
using Gateway.Sandbox.Models;
using Google.Protobuf.Reflection;

namespace Gateway.Sandbox.Service;

/// <summary>Makes the statuses of answers: every answer has one, and every output its own.</summary>
internal static class ApiStatus
{
    private static readonly EnumDescriptor Codes = StatusReflection.Descriptor.Dependencies
        .SelectMany(file => file.EnumTypes)
        .Single(type => type.Name == nameof(StatusCode));

    public static Status Ok() => Of(StatusCode.Success);

    public static Status Of(Failure failure) => Of(failure.Code, failure.Details);

    public static Status Of(StatusCode code, string details = "") => new() { Code = code, Description = Describe(code), Details = details };

    /// <summary>The status over several: success, failure of all, or mixed.</summary>
    public static Status Over(IEnumerable<Status> statuses)
    {
        var failed = statuses.ToLookup(status => status.Code != StatusCode.Success);
        if (!failed[true].Any()) return Ok();
        return failed[false].Any()
            ? Of(StatusCode.MixedStatus, "some of the inputs failed: see the status of each")
            : Of(StatusCode.Failure, failed[true].First().Details);
    }

    // The codes' own names read as sentences, but for the prefixes of some.
    private static string Describe(StatusCode code) => code switch
    {
        StatusCode.Success => "Ok",
        StatusCode.MixedStatus => "Mixed success",
        StatusCode.ConnKeyNotFound => "API key not found",
        StatusCode.ConnInvalidRequest => "Invalid request",
        StatusCode.InputFailed => "Input download failed",
        StatusCode.MpImageDecodeError => "Image decoding failed",
        StatusCode.MpDownloadMaxSizeExceededError => "Download exceeds the maximum size",
        _ => Sentence(Codes.FindValueByNumber((int)code).Name),
    };

    private static string Sentence(string name) => name[0] + name[1..].Replace('_', ' ').ToLowerInvariant();
}
