namespace Gateway.Bench;

/// <summary>What was asked for cannot be done. The message is for whoever asked: one sentence.</summary>
public sealed class UsageException(string message) : Exception(message);
