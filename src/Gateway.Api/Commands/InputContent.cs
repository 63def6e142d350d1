using System.Text;

namespace Gateway.Api.Commands;

/// <summary>What is in a file, or comes on standard input: something, and no more than the API takes.</summary>
internal sealed class InputContent
{
    private const int MaxMebibytes = 128; // the API's limit of a request
    private const int BufferBytes = 81920;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly string _name;

    private InputContent(string name, byte[] bytes)
    {
        _name = name;
        Bytes = bytes;
    }

    /// <summary>All of it.</summary>
    public byte[] Bytes { get; }

    /// <summary>It as a text, without its byte order mark and the line break at its end.</summary>
    /// <exception cref="CommandFault">It is no UTF-8, or there is no text.</exception>
    public string Text
    {
        get
        {
            try
            {
                var bytes = Bytes.AsSpan();
                var text = Strict.GetString(bytes.StartsWith(Encoding.UTF8.Preamble) ? bytes[Encoding.UTF8.Preamble.Length..] : bytes);
                return text.TrimEnd('\r', '\n') is { Length: > 0 } said ? said : throw Empty(_name);
            }
            catch (DecoderFallbackException)
            {
                throw new CommandFault($"{_name} is not text in UTF-8.");
            }
        }
    }

    /// <summary>Reads a file.</summary>
    /// <exception cref="CommandFault">It cannot be read, is empty, or is too large.</exception>
    public static Task<InputContent> OfFileAsync(string file, CancellationToken cancellationToken) =>
        ReadAsync($"The file {Screen.Printable(file)}", () => File.OpenRead(file), cancellationToken);

    /// <summary>Reads standard input to its end.</summary>
    /// <exception cref="CommandFault">It cannot be read, is empty, or is too large.</exception>
    public static Task<InputContent> OfStandardInputAsync(CancellationToken cancellationToken) =>
        ReadAsync("Standard input", Console.OpenStandardInput, cancellationToken);

    private static async Task<InputContent> ReadAsync(string name, Func<Stream> open, CancellationToken cancellationToken)
    {
        using var content = new MemoryStream();
        try
        {
            await using var stream = open();
            var buffer = new byte[BufferBytes];
            while (await stream.ReadAsync(buffer, cancellationToken) is var read and > 0)
            {
                // Not by its length: a device has none, and may have no end.
                if (content.Length + read > MaxMebibytes * 1024L * 1024)
                {
                    throw new CommandFault($"{name} is larger than {MaxMebibytes} MiB, the most that the API takes.");
                }

                content.Write(buffer, 0, read);
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new CommandFault($"{name} cannot be read.");
        }

        return content.Length > 0 ? new InputContent(name, content.ToArray()) : throw Empty(name);
    }

    private static CommandFault Empty(string name) => new($"{name} is empty.");
}
