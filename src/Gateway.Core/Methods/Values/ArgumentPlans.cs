using Clarifai.Api;
using Gateway.Core.Json;
using Gateway.Core.Schema;

namespace Gateway.Core.Methods.Values;

/// <summary>
/// What arguments are written by: the plans of the messages that hold their values, and the limits. Immutable; shared by all threads.
/// </summary>
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
        Struct = schema.Message("google.protobuf.Struct");
        List = schema.Message("google.protobuf.ListValue");
        Raw = schema.Message("clarifai.api.Text").FieldByNumber(Text.RawFieldNumber)!;
        _data = schema.Message("clarifai.api.Data");
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

    /// <summary>The field of data for values of a type.</summary>
    internal FieldPlan FieldOf(DataTypeRow row) => Field(row.Fields[0]);

    private FieldPlan Field(int number) => _data.FieldByNumber(number)!;
}
