using Gateway.Core.Schema;

namespace Gateway.Core.Transcoding;

/// <summary>How many elements one list of the root message may have.</summary>
/// <param name="Field">A repeated field of the root message.</param>
/// <param name="Max">The most that it may have; one more is an error while it is being read.</param>
public sealed record ElementLimit(FieldPlan Field, int Max);
