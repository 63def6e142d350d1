namespace Gateway.Store.Model;

/// <summary>
/// The one row that every change of a definition raises: those who watch see by it that there is something new. Being the first that a
/// change touches, it also puts changes in a line.
/// </summary>
internal sealed class ChangeSignalRow
{
    public const int OnlyId = 1;

    public int Id { get; init; }

    public long Revision { get; set; }
}
