namespace Gateway.Bench.Fleet;

/// <summary>What became of a load.</summary>
/// <param name="Seconds">How long it was sent.</param>
/// <param name="Sent">The requests.</param>
/// <param name="Admitted">Those that were answered.</param>
/// <param name="Others">Those that were neither answered nor over the limit: failures.</param>
internal sealed record FleetResult(double Seconds, int Sent, int Admitted, int Others);
