using Clarifai.Api;
using Clarifai.Api.Status;
using Gateway.Fuzz.Generation;
using Gateway.Sandbox.Models;
using Google.Protobuf;

namespace Gateway.Fuzz.Pictures;

/// <summary>
/// One damaged picture, shown to the sandbox's models: it is told apart or refused with a reason, and nothing is thrown. What Skia's own code
/// does wrong ends the process.
/// </summary>
internal sealed class PictureCase
{
    private static readonly byte[][] Whole =
        [.. Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "pictures")).Order(StringComparer.Ordinal).Select(File.ReadAllBytes)];

    private static readonly SandboxModel[] Models = [new ImageClassifier(), new RegionDetector()];

    public PictureCase(ulong seed, long number)
    {
        var dice = Dice.Of(seed, number);
        Bytes = dice.Pick<byte[]>(Whole);
        for (var damage = dice.Between(1, 4); damage > 0 && Bytes.Length > 0; damage--)
        {
            Bytes = Damage(Bytes, dice);
        }
    }

    /// <summary>The picture.</summary>
    public byte[] Bytes { get; }

    /// <summary>Whether it could be read all the same; known once it is checked.</summary>
    public bool WasRead { get; private set; }

    /// <summary>What is wrong with how it is read; null when nothing is.</summary>
    public string? Check()
    {
        var data = new Data { Image = new Image { Base64 = UnsafeByteOperations.UnsafeWrap(Bytes) } };
        try
        {
            return Models.Select(model => Check(model.Predict(data))).FirstOrDefault(fault => fault is not null);
        }
        catch (Exception thrown)
        {
            return $"threw {thrown.GetType().Name}: {thrown.StackTrace?.Split('\n')[0].Trim()}";
        }
    }

    private string? Check(Inference inference)
    {
        WasRead = inference.Failure is null;
        return inference.Failure switch
        {
            null => null,
            { Code: StatusCode.MpImageDecodeError or StatusCode.InputUnsupportedFormat, Details.Length: > 0 } => null,
            var failure => $"is refused with {failure.Code}: {failure.Details}",
        };
    }

    // Formats keep their sizes, tables and lengths in front.
    private static byte[] Damage(byte[] file, Dice dice)
    {
        var at = dice.Below(dice.OneIn(2) ? Math.Min(file.Length, 64) : file.Length);
        var length = dice.Between(1, Math.Min(16, file.Length - at));
        return dice.Below(5) switch
        {
            0 => file[..at],
            1 => [.. file[..at], .. dice.Bytes(length), .. file[(at + length)..]],
            2 => [.. file[..at], .. dice.Bytes(length), .. file[at..]],
            3 => [.. file[..at], .. file[(at + length)..]],
            _ => [.. file[..at], dice.Pick<byte>(0, 1, 0x7F, 0x80, 0xFF), .. file[(at + 1)..]],
        };
    }
}
