using System.Collections;
using Clarifai.Api;
using Gateway.Core.Methods;
using Gateway.Protos;
using Google.Protobuf.Reflection;
using DataType = Clarifai.Api.ModelTypeField.Types.DataType;

namespace Gateway.Sandbox.Models.Methods;

/// <summary>Where in a part's data the value of each argument type lives.</summary>
internal static class DataTypes
{
    private static readonly EnumDescriptor Names =
        ApiDescriptors.Message("clarifai.api.ModelTypeField").EnumTypes.Single(type => type.Name == nameof(DataType));

    /// <summary>The name of a field that holds something the type does not allow, or null where the data fits.</summary>
    public static string? Misfit(DataType type, Data data)
    {
        foreach (var field in Data.Descriptor.Fields.InDeclarationOrder())
        {
            if (IsSet(field, data) && !DataTypeRow.Of(type).Fields.Contains(field.FieldNumber))
            {
                return field.Name;
            }
        }

        return null;
    }

    /// <summary>The type's name as the API spells it, such as <c>JSON_DATA</c>.</summary>
    public static string NameOf(DataType type) => Names.FindValueByNumber((int)type)?.Name ?? "a type without a name";

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
