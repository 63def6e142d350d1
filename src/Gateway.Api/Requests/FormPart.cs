using System.Text;

namespace Gateway.Api.Requests;

/// <summary>A part of a form.</summary>
/// <param name="Name">Its name.</param>
/// <param name="ContentType">Its media type; empty when it names none.</param>
/// <param name="IsFile">Whether it is a file: it has a file's name, or a media type other than text's.</param>
/// <param name="Content">Its bytes.</param>
public sealed record FormPart(string Name, string ContentType, bool IsFile, byte[] Content)
{
    /// <summary>Its text.</summary>
    public string Text => Encoding.UTF8.GetString(Content);
}
