namespace Gateway.Api.Telemetry;

/// <summary>What operators are told of calls that are counted.</summary>
/// <param name="Models">Of language models.</param>
/// <param name="Credentials">Of tenants' tokens.</param>
internal sealed record MeterTelemetry(ModelTelemetry Models, CredentialTelemetry Credentials);
