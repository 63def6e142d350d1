namespace Gateway.Api.Tests.Support;

/// <summary>What the gateway sent upstream.</summary>
internal sealed record RecordedCall(string Path, byte[] Request, Metadata Headers);
