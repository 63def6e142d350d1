using System.Collections;
using Clarifai.Api;
using Google.Protobuf.Reflection;
using DataType = Clarifai.Api.ModelTypeField.Types.DataType;

namespace Gateway.Sandbox.Models.Methods;

/// <summary>Where in a part's data the value of each argument type lives.</summary>
internal static class DataTypes
{
    private static readonly EnumDescriptor Names = ModelTypeField.Descriptor.EnumTypes.Single(type => type.Name == nameof(DataType));

    /// <summary>The name of a field that holds something the type does not allow, or null where the data fits.</summary>
    public static string? Misfit(DataType type, Data data)
    {
        foreach (var field in Data.Descriptor.Fields.InDeclarationOrder())
        {
            if (IsSet(field, data) && !Allows(type, field.FieldNumber)) return field.Name;
        }

        return null;
    }

    /// <summary>The type's name as the API spells it, such as <c>JSON_DATA</c>.</summary>
    public static string NameOf(DataType type) => Names.FindValueByNumber((int)type)?.Name ?? "a type without a name";

    private static bool Allows(DataType type, int field) => type switch
    {
        DataType.Str => field is Data.StringValueFieldNumber,
        DataType.Bytes => field is Data.BytesValueFieldNumber,
        DataType.Int => field is Data.IntValueFieldNumber,

        // A caller whose language has one kind of number sends 1 for 1.0.
        DataType.Float => field is Data.FloatValueFieldNumber or Data.IntValueFieldNumber,
        DataType.Bool => field is Data.BoolValueFieldNumber,
        DataType.Ndarray => field is Data.NdarrayFieldNumber,

        // Callers send it as text as well, for models of older SDKs.
        DataType.JsonData => field is Data.StructValueFieldNumber or Data.StringValueFieldNumber,
        DataType.Text => field is Data.TextFieldNumber,
        DataType.Image => field is Data.ImageFieldNumber,
        DataType.Audio => field is Data.AudioFieldNumber,
        DataType.Video => field is Data.VideoFieldNumber,
        DataType.Concept => field is Data.ConceptsFieldNumber,
        DataType.Region => field is Data.RegionsFieldNumber,
        DataType.Frame => field is Data.FramesFieldNumber,
        DataType.NamedFields or DataType.Tuple => field is Data.PartsFieldNumber,

        // One nested part per item, save the types that have a repeated field of their own.
        DataType.List => field is Data.PartsFieldNumber or Data.ConceptsFieldNumber or Data.RegionsFieldNumber or Data.FramesFieldNumber,
        _ => false,
    };

    private static bool IsSet(FieldDescriptor field, Data data) => field.Accessor.GetValue(data) switch
    {
        null => false,
        IList items => items.Count > 0,
        string text => text.Length > 0,
        Google.Protobuf.ByteString bytes => !bytes.IsEmpty,
        bool flag => flag,
        long number => number != 0,
        double number => number != 0,
        _ => true,
    };
}
