using Gateway.Core.Schema;

namespace Gateway.Api.Streams;

/// <summary>What one record of a stream holds. Its memory is the maker's, until the record is written.</summary>
internal readonly record struct StreamRecord
{
    private StreamRecord(MessagePlan? plan, ReadOnlyMemory<byte> bytes)
    {
        Plan = plan;
        Bytes = bytes;
    }

    /// <summary>How the bytes become JSON; null when they are.</summary>
    public MessagePlan? Plan { get; }

    /// <summary>The wire bytes of a message, or JSON text.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>Whether there is nothing to write.</summary>
    public bool IsEmpty => Plan is null && Bytes.IsEmpty;

    /// <summary>A message, shown as the API shows it.</summary>
    public static StreamRecord Of(MessagePlan plan, ReadOnlyMemory<byte> message) => new(plan, message);

    /// <summary>JSON text, without line breaks.</summary>
    public static StreamRecord OfJson(ReadOnlyMemory<byte> json) => new(null, json);
}
