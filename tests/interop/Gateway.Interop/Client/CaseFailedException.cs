namespace Gateway.Interop.Client;

/// <summary>A case did not go as its description demands.</summary>
internal sealed class CaseFailedException(string message) : Exception(message);
