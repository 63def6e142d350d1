namespace Gateway.Store.Sharing;

/// <summary>What is asked of a token bucket that replicas share.</summary>
/// <param name="Bucket">Its name.</param>
/// <param name="Rate">Tokens a second that it fills with.</param>
/// <param name="Capacity">Tokens that it holds at most; it begins full.</param>
/// <param name="Tokens">How many are wanted; below 0 to give some back.</param>
public readonly record struct LeaseRequest(string Bucket, double Rate, double Capacity, double Tokens);
