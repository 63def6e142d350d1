namespace Gateway.Store.Definitions;

/// <summary>What a change under an idempotency key came to.</summary>
/// <param name="Outcome">Whether it was made now.</param>
/// <param name="Response">What was answered, now or before; null for another request's key.</param>
public sealed record IdempotentAnswer(IdempotencyOutcome Outcome, SecretText? Response);
