namespace Gateway.Core.Methods;

/// <summary>How values of a type are read from JSON and written to it. Types of one form differ in name and field alone.</summary>
public enum DataForm
{
    /// <summary>Whatever it is.</summary>
    Any,

    /// <summary>A string.</summary>
    Text,

    /// <summary>Base64.</summary>
    Bytes,

    /// <summary>A number without a fraction, in 64 bits.</summary>
    Whole,

    /// <summary>A number, or the text of one that is not finite.</summary>
    Number,

    /// <summary>True or false.</summary>
    Truth,

    /// <summary>Numbers in any number of dimensions.</summary>
    Array,

    /// <summary>An object or a list of JSON, as it is.</summary>
    Json,

    /// <summary>The API's message <c>Text</c>: a string, too.</summary>
    TextMessage,

    /// <summary>A message for an image, a sound or a video: a URL, a data URL or base64, too.</summary>
    Medium,

    /// <summary>A message that data has a list of its own for.</summary>
    Listed,

    /// <summary>Values of one type.</summary>
    List,

    /// <summary>Values of a type each.</summary>
    Tuple,

    /// <summary>Named values.</summary>
    Named,
}
