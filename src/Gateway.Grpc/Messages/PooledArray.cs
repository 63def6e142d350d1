using System.Buffers;

namespace Gateway.Grpc.Messages;

/// <summary>Arrays of the shared pool that grow as bytes really arrive.</summary>
internal static class PooledArray
{
    public static byte[] Rent(int length) => ArrayPool<byte>.Shared.Rent(length);

    public static void Return(byte[] array) => ArrayPool<byte>.Shared.Return(array);

    /// <summary>Moves the first <paramref name="used"/> bytes to an array twice as long, but no longer than <paramref name="limit"/> needs.</summary>
    public static void Grow(ref byte[] array, int used, int limit)
    {
        byte[] larger = Rent((int)Math.Min(array.Length * 2L, limit));
        array.AsSpan(0, used).CopyTo(larger);
        Return(array);
        array = larger;
    }
}
