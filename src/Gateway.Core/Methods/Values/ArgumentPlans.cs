using Clarifai.Api;
using Gateway.Core.Json;
using Gateway.Core.Schema;
using Google.Protobuf.WellKnownTypes;
using DataType = Clarifai.Api.ModelTypeField.Types.DataType;

namespace Gateway.Core.Methods.Values;

/// <summary>What arguments are written by: the plans of the messages that hold their values, and the limits. Immutable; shared by all threads.</summary>
public sealed class ArgumentPlans
{
    private readonly MessagePlan _data;

    /// <summary>Looks the plans up.</summary>
    /// <param name="schema">The API.</param>
    /// <param name="limits">What a text may hold.</param>
    public ArgumentPlans(ApiSchema schema, JsonLimits limits)
    {
        Limits = limits;
        Leaves = limits with { MaxStringBytes = int.MaxValue }; // the body's limit is theirs
        Struct = schema.Message(Google.Protobuf.WellKnownTypes.Struct.Descriptor);
        List = schema.Message(ListValue.Descriptor);
        Raw = schema.Message(Text.Descriptor).FieldByNumber(Text.RawFieldNumber)!;
        _data = schema.Message(Data.Descriptor);
        String = Field(Data.StringValueFieldNumber);
        Int = Field(Data.IntValueFieldNumber);
        Float = Field(Data.FloatValueFieldNumber);
        Bool = Field(Data.BoolValueFieldNumber);
        Bytes = Field(Data.BytesValueFieldNumber);
    }

    /// <summary>What a text may hold.</summary>
    internal JsonLimits Limits { get; }

    /// <summary>The same for values that are no messages.</summary>
    internal JsonLimits Leaves { get; }

    /// <summary>A JSON object.</summary>
    internal MessagePlan Struct { get; }

    /// <summary>A JSON list.</summary>
    internal MessagePlan List { get; }

    /// <summary>What a text message says.</summary>
    internal FieldPlan Raw { get; }

    internal FieldPlan String { get; }

    internal FieldPlan Int { get; }

    internal FieldPlan Float { get; }

    internal FieldPlan Bool { get; }

    internal FieldPlan Bytes { get; }

    /// <summary>The field of data for a type whose values are messages.</summary>
    internal FieldPlan MessageOf(DataType type) => Field(type switch
    {
        DataType.Image => Data.ImageFieldNumber,
        DataType.Audio => Data.AudioFieldNumber,
        DataType.Video => Data.VideoFieldNumber,
        DataType.Text => Data.TextFieldNumber,
        DataType.Concept => Data.ConceptsFieldNumber,
        DataType.Region => Data.RegionsFieldNumber,
        _ => Data.FramesFieldNumber,
    });

    private FieldPlan Field(int number) => _data.FieldByNumber(number)!;
}
