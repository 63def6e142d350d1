namespace Gateway.Api.Stored;

/// <summary>What came of an operation: the thing as it is now, or why it was not done.</summary>
/// <param name="Value">The thing; null when there is a fault.</param>
/// <param name="Fault">Why it was not done; null when it was.</param>
/// <param name="IsNew">Whether the operation has made the thing.</param>
internal readonly record struct OperationResult<T>(T? Value, OperationFault? Fault, bool IsNew = false)
    where T : class
{
    public static implicit operator OperationResult<T>(T value) => new(value, null);

    public static implicit operator OperationResult<T>(OperationFault fault) => new(null, fault);
}
