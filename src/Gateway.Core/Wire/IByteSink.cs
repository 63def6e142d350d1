namespace Gateway.Core.Wire;

/// <summary>Takes bytes as they arrive.</summary>
public interface IByteSink
{
    /// <summary>Takes the next bytes.</summary>
    /// <param name="chunk">Any number of bytes; not kept.</param>
    /// <returns>False when nothing more is to be fed.</returns>
    bool Feed(ReadOnlySpan<byte> chunk);

    /// <summary>How many bytes of memory each byte comes to, with what is made of it before the message is sent.</summary>
    int Weight => 1;
}
