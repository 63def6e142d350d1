using Gateway.Core.Schema;
using Gateway.Core.Wire;

namespace Gateway.Core.Transcoding;

/// <summary>
/// Opens and closes messages in a <see cref="WireWriter"/>, the message that is the whole text included, which has no tag and no length.
/// </summary>
internal static class MessageSlots
{
    /// <summary>Writes the tag and opens the length. Answers the lengths opened: 1, or 0 for the whole text's message.</summary>
    public static int BeginMessage(this WireWriter output, FieldPlan field)
    {
        if (field.Tag.IsEmpty)
        {
            return 0;
        }

        output.WriteTag(field.Tag);
        output.BeginLength();
        return 1;
    }

    /// <summary>Closes as many lengths.</summary>
    public static void EndMessage(this WireWriter output, int slots)
    {
        for (; slots > 0; slots--)
        {
            output.EndLength();
        }
    }
}
