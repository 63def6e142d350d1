namespace Gateway.Core.Methods;

/// <summary>Why an argument cannot be sent. A value: nothing is thrown.</summary>
/// <param name="Path">The argument, or the place in it, as in <c>boxes[3].x</c>; empty for the call itself.</param>
/// <param name="Message">What is wrong, for people; fit to be shown to a client.</param>
public sealed record ArgumentError(string Path, string Message)
{
    /// <summary>The error as a client sees it.</summary>
    public override string ToString() => Path.Length == 0 ? Message : $"{Path}: {Message}";
}
