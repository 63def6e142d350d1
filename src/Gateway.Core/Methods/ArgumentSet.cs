using System.Text.Json;
using Clarifai.Api;
using Gateway.Core.Methods.Values;
using Google.Protobuf.WellKnownTypes;
using DataType = Clarifai.Api.ModelTypeField.Types.DataType;

namespace Gateway.Core.Methods;

/// <summary>The arguments of one call, or of one item that a caller streams, as the input that a model takes. One use.</summary>
/// <param name="method">The method to call.</param>
/// <param name="reader">Reads the values.</param>
public sealed class ArgumentSet(ModelMethod method, ArgumentReader reader)
{
    /// <summary>The metadata that says which method an input is for.</summary>
    public const string MethodNameKey = "_method_name";

    private readonly HashSet<string> _given = [];

    /// <summary>The input; whole once <see cref="Missing"/> was asked.</summary>
    public Input Input { get; } = new()
    {
        Data = new Data { Metadata = new Struct { Fields = { [MethodNameKey] = Value.ForString(method.Name) } } },
    };

    /// <summary>Adds every member of an object.</summary>
    /// <returns>Why one of them is no argument; null when all are.</returns>
    public ArgumentError? AddAll(JsonElement arguments)
    {
        foreach (var member in arguments.EnumerateObject())
        {
            if (Add(member.Name, member.Value) is { } error)
            {
                return error;
            }
        }

        return null;
    }

    /// <summary>Adds an argument as JSON; null is as good as none.</summary>
    /// <returns>Why it is none; null when it is one.</returns>
    public ArgumentError? Add(string name, JsonElement value)
    {
        if (Find(name, out var field) is { } unknown)
        {
            return unknown;
        }

        return value.ValueKind == JsonValueKind.Null ? null : Add(field!, data => reader.Read(field!, value, data, name));
    }

    /// <summary>Adds an argument as a form field; a list may come as several fields of one name.</summary>
    /// <returns>Why it is none; null when it is one.</returns>
    public ArgumentError? AddText(string name, string text) => Find(name, out var field)
        ?? (ItemOf(field!) is { } item && !text.StartsWith('[')
            ? AddItem(field!, item, (data, path) => reader.ReadText(item, text, data, path))
            : Add(field!, data => reader.ReadText(field!, text, data, name)));

    /// <summary>Adds an argument as a file; a list may come as several files of one name.</summary>
    /// <param name="name">The argument.</param>
    /// <param name="content">The content, which stays where it is as long as the input lives.</param>
    /// <returns>Why it is none; null when it is one.</returns>
    public ArgumentError? AddFile(string name, ReadOnlyMemory<byte> content) => Find(name, out var field)
        ?? (ItemOf(field!) is { } item
            ? AddItem(field!, item, (data, path) => ArgumentReader.ReadFile(item, content, data, path))
            : Add(field!, data => ArgumentReader.ReadFile(field!, content, data, name)));

    /// <summary>Says which required argument is not there; null when all are.</summary>
    /// <param name="isLaterItem">Whether it is an item after the first of a stream, which holds no more than what streams.</param>
    public ArgumentError? Missing(bool isLaterItem = false)
    {
        var missing = method.Arguments.FirstOrDefault(argument => argument.IsRequired && (argument.IsStreamed || !isLaterItem) && !_given.Contains(argument.Name));
        return missing is null ? null : new ArgumentError(missing.Name, $"{TypeText.Of(missing)} is missing");
    }

    private static MethodField? ItemOf(MethodField field) => field.Type == DataType.List && field.Items is [var item] ? item : null;

    private ArgumentError? Find(string name, out MethodField? field)
    {
        field = method.FindArgument(name);
        if (field is not null)
        {
            return null;
        }

        var known = method.Arguments.Length == 0 ? "none" : string.Join(", ", method.Arguments.Select(argument => argument.Name));
        return new ArgumentError(name, $"{method.Name} has no such argument; it has {known}");
    }

    private ArgumentError? Add(MethodField field, Func<Data, ArgumentError?> read)
    {
        if (!_given.Add(field.Name))
        {
            return new ArgumentError(field.Name, "it was given twice");
        }

        var data = new Data();
        Input.Data.Parts.Add(new Part { Id = field.Name, Data = data });
        return read(data);
    }

    private ArgumentError? AddItem(MethodField list, MethodField item, Func<Data, string, ArgumentError?> read)
    {
        _given.Add(list.Name);
        var part = Input.Data.Parts.FirstOrDefault(part => part.Id == list.Name);
        if (part is null)
        {
            Input.Data.Parts.Add(part = new Part { Id = list.Name, Data = new Data() });
        }

        if (ArgumentReader.HasOwnList(item.Type))
        {
            return read(part.Data, list.Name);
        }

        var data = new Data();
        part.Data.Parts.Add(new Part { Data = data });
        return read(data, $"{list.Name}[{part.Data.Parts.Count - 1}]");
    }
}
