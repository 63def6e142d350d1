using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Extensions.Configuration.Json;

namespace Gateway.Api.Configuration;

/// <summary>
/// The settings of one JSON file. A change of it is found by its content, whatever way it took: an edit, another file in its place, or a
/// link on the way to it that leads elsewhere, as when Kubernetes updates a ConfigMap. What cannot be used changes nothing.
/// </summary>
internal sealed class SettingsFile(SettingsFileSource source) : JsonConfigurationProvider(source)
{
    private const string NoContent = "";

    // SHA-256 of contents: of the one that was last taken or refused, and of the one that was there at the last look.
    private string _decided = NoContent;
    private string _seen = NoContent;

    /// <summary>Where it is.</summary>
    public string Name => Source.FileProvider?.GetFileInfo(Source.Path!).PhysicalPath ?? Source.Path!;

    public override void Load(Stream stream)
    {
        _decided = Convert.ToHexString(SHA256.HashData(stream));
        stream.Position = 0;
        base.Load(stream);
    }

    /// <summary>
    /// Looks at the file, and takes its settings when they are others than before. Only content that two looks in a row have seen counts:
    /// the one between may have come upon a file half written.
    /// </summary>
    /// <returns>Why changed content is not taken, told once; null otherwise.</returns>
    public string? Refresh()
    {
        var content = Read();
        var seen = content is null ? NoContent : Convert.ToHexString(SHA256.HashData(content));
        var isSettled = seen == _seen;
        _seen = seen;
        if (!isSettled || seen == _decided)
        {
            return null;
        }

        _decided = seen;
        return content is null ? "it is gone, or cannot be read" : Take(content);
    }

    /// <summary>Says what is wrong with a file, and where; never what it holds.</summary>
    public static string FaultOf(FormatException failure) =>
        failure.InnerException is JsonException { LineNumber: { } line, BytePositionInLine: { } column }
        ? $"line {line + 1}, column {column + 1} is not JSON"
        : "it is not one JSON object that names each setting once";

    private string? Take(byte[] content)
    {
        try
        {
            base.Load(new MemoryStream(content));
        }
        catch (FormatException failure)
        {
            return FaultOf(failure);
        }

        OnReload();
        return null;
    }

    private byte[]? Read()
    {
        try
        {
            return File.ReadAllBytes(Name);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
