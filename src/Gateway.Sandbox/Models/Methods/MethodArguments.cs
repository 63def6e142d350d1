using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Clarifai.Api;
using Clarifai.Api.Status;
using Google.Protobuf.WellKnownTypes;

namespace Gateway.Sandbox.Models.Methods;

/// <summary>The arguments of one call, checked against the method's signature; what the caller left out has its default.</summary>
internal sealed class MethodArguments
{
    private readonly MethodSignature _signature;
    private readonly Dictionary<string, Data> _values;

    private MethodArguments(MethodSignature signature, Dictionary<string, Data> values)
    {
        _signature = signature;
        _values = values;
    }

    /// <summary>
    /// Takes the arguments out of an input's parts. A later item of a stream starts from the one before it, so that it need
    /// hold no more than the streamed argument.
    /// </summary>
    public static bool TryBind(
        MethodSignature signature,
        Data input,
        MethodArguments? before,
        [NotNullWhen(true)] out MethodArguments? arguments,
        [NotNullWhen(false)] out Failure? failure)
    {
        var values = before is null ? [] : new Dictionary<string, Data>(before._values);
        arguments = null;
        foreach (var part in input.Parts)
        {
            failure = Check(signature, part);
            if (failure is not null)
            {
                return false;
            }

            values[part.Id] = part.Data ?? new Data();
        }

        failure = FirstMissing(signature, values);
        if (failure is null)
        {
            arguments = new MethodArguments(signature, values);
        }

        return arguments is not null;
    }

    public string String(string name) => _values.TryGetValue(name, out var data) ? data.StringValue : DefaultOf(name);

    public long Int(string name) =>
        _values.TryGetValue(name, out var data) ? data.IntValue : long.Parse(DefaultOf(name), CultureInfo.InvariantCulture);

    public double Float(string name)
    {
        if (!_values.TryGetValue(name, out var data))
        {
            return double.Parse(DefaultOf(name), CultureInfo.InvariantCulture);
        }

        return data.IntValue != 0 ? data.IntValue : data.FloatValue;
    }

    /// <summary>The whole data of a required argument, for the types that are not one scalar.</summary>
    public Data Data(string name) => _values[name];

    /// <summary>A JSON argument; a list arrives wrapped in an object of one member, <c>_list</c>.</summary>
    public Struct Json(string name) => _values[name].StructValue ?? new Struct();

    private static Failure? Check(MethodSignature signature, Part part)
    {
        var field = signature.InputFields.FirstOrDefault(field => field.Name == part.Id);
        if (field is null)
        {
            return Invalid($"the method {signature.Name} has no argument {part.Id}");
        }

        var misfit = DataTypes.Misfit(field.Type, part.Data ?? new Data());
        return misfit is null
            ? null
            : Invalid($"argument {part.Id} of {signature.Name}: {DataTypes.NameOf(field.Type)} was expected, {misfit} was sent");
    }

    private static Failure? FirstMissing(MethodSignature signature, Dictionary<string, Data> values)
    {
        var missing = signature.InputFields.FirstOrDefault(field => field.Required && !values.ContainsKey(field.Name));
        return missing is null ? null : Invalid($"argument {missing.Name} of {signature.Name} is missing");
    }

    private static Failure Invalid(string details) => new(StatusCode.ModelInvalidArgument, details);

    private string DefaultOf(string name) => _signature.InputFields.First(field => field.Name == name).Default;
}
