using System.Text;
using Gateway.Fuzz.Reference;
using Google.Protobuf.Reflection;

namespace Gateway.Fuzz;

/// <summary>What the transcoder is given: bytes, and the message that they are read as. Has a form for command lines and the corpus.</summary>
/// <param name="Type">The message.</param>
/// <param name="IsJson">Whether the bytes are JSON text, or else wire bytes.</param>
/// <param name="Bytes">Any bytes.</param>
internal sealed record Input(MessageDescriptor Type, bool IsJson, byte[] Bytes)
{
    /// <summary>JSON text as it is.</summary>
    public const string JsonForm = "json";

    /// <summary>JSON text in hexadecimal digits, when it is not printable.</summary>
    public const string JsonHexForm = "json-hex";

    /// <summary>Wire bytes in hexadecimal digits.</summary>
    public const string WireForm = "wire";

    /// <summary>The form that fits on a line and between single quotes.</summary>
    public string Form => !IsJson ? WireForm : Bytes.All(next => next is >= 0x20 and < 0x7F and not (byte)'\'') ? JsonForm : JsonHexForm;

    /// <summary>The bytes in that form.</summary>
    public string Text => Form == JsonForm ? Encoding.ASCII.GetString(Bytes) : Convert.ToHexString(Bytes);

    /// <summary>Reads an input; null when the type, the form or the digits are none.</summary>
    public static Input? Parse(string type, string form, string text)
    {
        try
        {
            var bytes = form switch
            {
                JsonForm => Encoding.UTF8.GetBytes(text),
                JsonHexForm or WireForm => Convert.FromHexString(text),
                _ => null,
            };
            return bytes is not null && Types.Find(type) is { } found ? new Input(found, form != WireForm, bytes) : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }

    /// <summary>The options that check this input.</summary>
    public override string ToString() => $"--type {Type.FullName} --{Form} '{Text}'";
}
