using System.Globalization;
using Clarifai.Api;
using DataType = Clarifai.Api.ModelTypeField.Types.DataType;

namespace Gateway.Sandbox.Models.Methods;

/// <summary>Makes the typed fields of method signatures. A field without a default is required.</summary>
internal static class SignatureField
{
    public static ModelTypeField Of(DataType type, string name, string description) =>
        new() { Name = name, Type = type, Description = description, Required = true };

    public static ModelTypeField ListOf(DataType item, string name, string description)
    {
        var list = Of(DataType.List, name, description);
        list.TypeArgs.Add(new ModelTypeField { Type = item });
        return list;
    }

    public static ModelTypeField Result(DataType type, string description) => Of(type, SampleMethod.ReturnPart, description);

    public static ModelTypeField ResultList(DataType item, string description) => ListOf(item, SampleMethod.ReturnPart, description);

    public static ModelTypeField Optional(string name, string description, int fallback) =>
        Optional(DataType.Int, name, description, fallback.ToString(CultureInfo.InvariantCulture));

    public static ModelTypeField Optional(string name, string description, double fallback) =>
        Optional(DataType.Float, name, description, fallback.ToString(CultureInfo.InvariantCulture));

    /// <summary>A required argument that arrives as a stream of items.</summary>
    public static ModelTypeField StreamOf(DataType item, string name, string description)
    {
        var field = Of(item, name, description);
        field.Iterator = true;
        return field;
    }

    private static ModelTypeField Optional(DataType type, string name, string description, string fallback) =>
        new() { Name = name, Type = type, Description = description, Default = fallback };
}
