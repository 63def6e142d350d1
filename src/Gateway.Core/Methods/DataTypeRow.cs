using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using Clarifai.Api;
using DataType = Clarifai.Api.ModelTypeField.Types.DataType;

namespace Gateway.Core.Methods;

/// <summary>
/// What there is to know of a type of arguments and results. A type that is read and written like another is a row of this table, and
/// nothing else.
/// </summary>
/// <param name="Type">The type.</param>
/// <param name="Name">What people call it.</param>
/// <param name="Form">How its values are read and written.</param>
/// <param name="Sample">A value to begin with, as JSON; of types that hold others, one of theirs is made.</param>
/// <param name="Fields">The fields of <see cref="Data"/> that may hold a value: the first is where it is written.</param>
public sealed record DataTypeRow(
    DataType Type, string Name, DataForm Form, [StringSyntax(StringSyntaxAttribute.Json)] string Sample, params int[] Fields)
{
    // One white pixel.
    private const string Png = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGP4DwABAQEAG7buVgAAAABJRU5ErkJggg==";
    private const string Sound = "https://samples.clarifai.com/GoodMorning.wav";
    private const string Film = "https://samples.clarifai.com/beer.mp4";
    private const string Chat = """[{"role":"user","content":"Hello"}]""";
    private const string Cat = """{"id":"cat","value":1}""";

    private static readonly DataTypeRow Unknown = new(DataType.NotSet, "any", DataForm.Any, "{}");

    private static readonly FrozenDictionary<DataType, DataTypeRow> Rows = new DataTypeRow[]
    {
        new(DataType.Str, "str", DataForm.Text, "\"Hello\"", Data.StringValueFieldNumber),
        new(DataType.Bytes, "bytes", DataForm.Bytes, "\"SGVsbG8=\"", Data.BytesValueFieldNumber),
        new(DataType.Int, "int", DataForm.Whole, "1", Data.IntValueFieldNumber),

        // Who has one kind of number sends 1 for 1.0.
        new(DataType.Float, "float", DataForm.Number, "0.5", Data.FloatValueFieldNumber, Data.IntValueFieldNumber),
        new(DataType.Bool, "bool", DataForm.Truth, "true", Data.BoolValueFieldNumber),
        new(DataType.Ndarray, "ndarray", DataForm.Array, "[1,2,3]", Data.NdarrayFieldNumber),

        // As text as well, for models of older SDKs.
        new(DataType.JsonData, "json", DataForm.Json, Chat, Data.StructValueFieldNumber, Data.StringValueFieldNumber),
        new(DataType.Text, "Text", DataForm.TextMessage, "\"Hello\"", Data.TextFieldNumber),
        new(DataType.Image, "Image", DataForm.Medium, $"\"{Png}\"", Data.ImageFieldNumber),
        new(DataType.Audio, "Audio", DataForm.Medium, $"\"{Sound}\"", Data.AudioFieldNumber),
        new(DataType.Video, "Video", DataForm.Medium, $"\"{Film}\"", Data.VideoFieldNumber),
        new(DataType.Concept, "Concept", DataForm.Listed, Cat, Data.ConceptsFieldNumber),
        new(DataType.Region, "Region", DataForm.Listed, "{}", Data.RegionsFieldNumber),
        new(DataType.Frame, "Frame", DataForm.Listed, "{}", Data.FramesFieldNumber),

        // A part for each item, save the types that data has lists of its own for.
        new(
            DataType.List,
            "list",
            DataForm.List,
            "[]",
            Data.PartsFieldNumber,
            Data.ConceptsFieldNumber,
            Data.RegionsFieldNumber,
            Data.FramesFieldNumber),
        new(DataType.Tuple, "tuple", DataForm.Tuple, "[]", Data.PartsFieldNumber),
        new(DataType.NamedFields, "named fields", DataForm.Named, "{}", Data.PartsFieldNumber),
    }.ToFrozenDictionary(row => row.Type);

    /// <summary>The row of a type; one that fits anything for a type that the gateway does not know.</summary>
    public static DataTypeRow Of(DataType type) => Rows.GetValueOrDefault(type, Unknown);
}
