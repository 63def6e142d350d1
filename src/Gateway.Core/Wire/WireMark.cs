namespace Gateway.Core.Wire;

/// <summary>A place in a <see cref="WireWriter"/> to go back to.</summary>
/// <param name="Segment">The segment that was written to, -1 before the first.</param>
/// <param name="Offset">The bytes in that segment.</param>
/// <param name="SlotCount">The lengths that were open.</param>
public readonly record struct WireMark(int Segment, int Offset, int SlotCount);
