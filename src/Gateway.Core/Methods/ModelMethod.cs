using System.Collections.Frozen;
using System.Collections.Immutable;
using Clarifai.Api;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace Gateway.Core.Methods;

/// <summary>A method of a model, compiled from its signature. Immutable.</summary>
public sealed class ModelMethod
{
    private const string UsualMessage = "msg";

    private readonly FrozenDictionary<string, MethodField> _arguments;

    /// <summary>Compiles a signature.</summary>
    public ModelMethod(MethodSignature signature)
    {
        Name = signature.Name;
        Kind = signature.MethodType;
        Description = signature.Description;
        Arguments = [.. signature.InputFields.Select(MethodField.OfArgument)];
        Results = [.. signature.OutputFields.Select(MethodField.Of)];
        Metadata = new Data { Metadata = new Struct { Fields = { [ArgumentSet.MethodNameKey] = Value.ForString(Name) } } }.ToByteArray();
        _arguments = Arguments.DistinctBy(argument => argument.Name).ToFrozenDictionary(argument => argument.Name);
    }

    /// <summary>The name that calls go by.</summary>
    public string Name { get; }

    /// <summary>The data, as wire bytes, that says which method an input is for.</summary>
    public ReadOnlyMemory<byte> Metadata { get; }

    /// <summary>Which sides stream, and so which RPC calls it.</summary>
    public RunnerMethodType Kind { get; }

    /// <summary>What it does; may be empty.</summary>
    public string Description { get; }

    /// <summary>The arguments, in the author's order.</summary>
    public ImmutableArray<MethodField> Arguments { get; }

    /// <summary>The results: mostly one.</summary>
    public ImmutableArray<MethodField> Results { get; }

    /// <summary>
    /// The argument in which a method that carries another protocol takes its messages: its only one, whatever its author called it; of
    /// several, the one of the usual name. Null when there is none.
    /// </summary>
    public MethodField? Message => Arguments is [var only] ? only : FindArgument(UsualMessage);

    /// <summary>The argument of a name; null when there is none.</summary>
    public MethodField? FindArgument(string name) => _arguments.GetValueOrDefault(name);
}
