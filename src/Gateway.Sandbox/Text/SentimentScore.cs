namespace Gateway.Sandbox.Text;

/// <summary>How positive, neutral and negative a text is: three shares that sum to 1.</summary>
internal readonly record struct SentimentScore(double Positive, double Neutral, double Negative);
