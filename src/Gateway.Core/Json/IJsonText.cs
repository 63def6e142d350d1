namespace Gateway.Core.Json;

/// <summary>Takes JSON text as it arrives.</summary>
public interface IJsonText
{
    /// <summary>Takes the next bytes of the text.</summary>
    /// <param name="chunk">Any number of bytes; not kept.</param>
    /// <returns>False when the text cannot be read; nothing more is to be fed then.</returns>
    bool Feed(ReadOnlySpan<byte> chunk);
}
