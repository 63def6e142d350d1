using System.Buffers;
using Gateway.Core.Wire;

namespace Gateway.Api.Http;

/// <summary>A part of a form, as long as it is taken.</summary>
/// <param name="Name">Its name.</param>
/// <param name="ContentType">Its media type; empty when it names none.</param>
/// <param name="IsFile">Whether it is a file: it has a file's name, or a media type other than text's.</param>
/// <param name="Body">Its bytes as they came.</param>
internal sealed record FormPart(string Name, string ContentType, bool IsFile, WireWriter Body)
{
    /// <summary>Its bytes in one piece.</summary>
    public byte[] Content => field ??= Body.Written.ToArray();
}
