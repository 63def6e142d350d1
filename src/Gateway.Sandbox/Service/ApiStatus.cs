using System.Globalization;
using Clarifai.Api.Status;
using Gateway.Protos;
using Gateway.Sandbox.Models;
using Google.Protobuf.Reflection;

namespace Gateway.Sandbox.Service;

/// <summary>Makes the statuses of answers: every answer has one, and every output its own.</summary>
internal static class ApiStatus
{
    private static readonly EnumDescriptor Codes = ApiDescriptors.Enum("clarifai.api.status.StatusCode");

    public static Status Ok() => Of(StatusCode.Success);

    public static Status Of(Failure failure) => Of(failure.Code, failure.Details);

    public static Status Of(StatusCode code, string details = "") => new() { Code = code, Description = Describe(code), Details = details };

    /// <summary>Every code there is, by number; several names of one are one.</summary>
    public static IEnumerable<StatusCode> AllCodes =>
        Codes.Values.Select(value => (StatusCode)value.Number).Where(code => code != StatusCode.Zero).Distinct().Order();

    /// <summary>The code of a number or a name, as in <c>10000</c> and <c>SUCCESS</c>; null when there is none.</summary>
    public static StatusCode? FindCode(string text)
    {
        var value = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? Codes.FindValueByNumber(number)
            : Codes.FindValueByName(text);
        return value is { Number: not (int)StatusCode.Zero } ? (StatusCode)value.Number : null;
    }

    /// <summary>
    /// The status over several: success, failure of all, or mixed; that of the only one, when its input was of no use to any model.
    /// </summary>
    public static Status Over(IReadOnlyList<Status> statuses)
    {
        if (statuses is [var only] && IsOfInput(only.Code))
        {
            return only.Clone();
        }

        var failed = statuses.ToLookup(status => status.Code != StatusCode.Success);
        if (!failed[true].Any())
        {
            return Ok();
        }

        return failed[false].Any()
            ? Of(StatusCode.MixedStatus, "some of the inputs failed: see the status of each")
            : Of(StatusCode.Failure, failed[true].First().Details);
    }

    // The API counts them from 30000 on, INPUT_…
    private static bool IsOfInput(StatusCode code) => (int)code is > (int)StatusCode.InputSuccess and < 31000;

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
