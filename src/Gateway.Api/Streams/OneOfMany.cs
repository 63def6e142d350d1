using Gateway.Api.Errors;

namespace Gateway.Api.Streams;

/// <summary>What is said of one message among a request's many.</summary>
internal static class OneOfMany
{
    /// <summary>Ends a message.</summary>
    /// <param name="request">What has read it.</param>
    /// <param name="number">The message's number, from 1.</param>
    /// <param name="length">How many bytes of text it has, or has had when it became too long.</param>
    /// <returns>Why it cannot be read or may not be sent, with its number; null when it could and may.</returns>
    public static ApiError? Complete(IMessageReader request, long number, long length)
    {
        var error = length > request.MaxBytes ? ApiErrors.MessageTooLarge(request.MaxBytes) : request.Complete();
        return error is null ? null : ApiErrors.InMessage(number, error);
    }
}
