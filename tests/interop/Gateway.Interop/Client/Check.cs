using System.Diagnostics.CodeAnalysis;
using Gateway.Core.Upstream.Failures;

namespace Gateway.Interop.Client;

/// <summary>What a case demands of what it got.</summary>
internal static class Check
{
    public static void That([DoesNotReturnIf(false)] bool holds, string demand)
    {
        if (!holds)
        {
            throw new CaseFailedException(demand);
        }
    }

    public static void Equal<T>(T expected, T actual, string what) =>
        That(EqualityComparer<T>.Default.Equals(expected, actual), $"{what} should be {expected}, is {actual}");

    /// <summary>The call ended with this code, whatever its message.</summary>
    public static void Code(GrpcStatusCode expected, in CallOutcome actual, string call) =>
        That(actual.Code == expected, $"{call} should end with {expected}, ends with {actual.Code}: {actual.Message}");

    /// <summary>The call ended with this status.</summary>
    public static void Status(GrpcStatusCode code, string message, in CallOutcome actual, string call)
    {
        Code(code, actual, call);
        Equal(message, actual.Message, $"the status message of {call}");
    }

    /// <summary>The message holds so many zeros.</summary>
    public static void Payload(int size, Messages.Payload? actual, string what) =>
        That(Zeros.Are(size, actual), $"{what} should be {size} zeros, is {actual?.Body.Length.ToString() ?? "no"} bytes");
}
