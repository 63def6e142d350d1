namespace Gateway.Api.Tests.Sdk;

/// <summary>What a model raises; the call's output says so.</summary>
internal sealed class SdkException(string details) : Exception(details);
