using System.Globalization;
using System.Text.Json;

namespace Gateway.Core.Methods;

/// <summary>Signatures as people read them: <c>predict(prompt: str, max_tokens: int = 512) -> str</c>.</summary>
public static class TypeText
{
    /// <summary>The signature of a method.</summary>
    public static string Of(ModelMethod method)
    {
        var arguments = method.Arguments.Select(argument => $"{argument.Name}: {OfStreamed(argument)}{DefaultOf(argument)}");
        return $"{method.Name}({string.Join(", ", arguments)}) -> {OfResults(method)}";
    }

    /// <summary>The name of a type, with the values that it may have: <c>int[1..4096]</c>, <c>Literal["s", "m"]</c>.</summary>
    public static string Of(MethodField field) =>
        field.Choices.IsEmpty
            ? NameOf(field) + RangeOf(field)
            : $"Literal[{string.Join(", ", field.Choices.Select(choice => choice.GetRawText()))}]";

    private static string NameOf(MethodField field) => field.Row.Form switch
    {
        DataForm.List or DataForm.Tuple => $"{field.Row.Name}[{string.Join(", ", field.Items.Select(Of))}]",
        DataForm.Named => Named(field.Items),
        _ => field.Row.Name,
    };

    private static string RangeOf(MethodField field) =>
        field is { Minimum: null, Maximum: null } ? "" : string.Create(CultureInfo.InvariantCulture, $"[{field.Minimum}..{field.Maximum}]");

    private static string OfResults(ModelMethod method) => method.Results switch
    {
        [] => "None",
        [var one] => OfStreamed(one),
        var several when several.Any(result => result.IsStreamed) => $"Iterator[{Named(several)}]",
        var several => Named(several),
    };

    private static string OfStreamed(MethodField field) => field.IsStreamed ? $"Iterator[{Of(field)}]" : Of(field);

    private static string Named(IEnumerable<MethodField> fields) =>
        $"{{{string.Join(", ", fields.Select(field => $"{field.Name}: {Of(field)}"))}}}";

    private static string DefaultOf(MethodField argument) => argument switch
    {
        { IsRequired: true } => "",
        { Default: { } value } and not { Default.ValueKind: JsonValueKind.Null } => $" = {value.GetRawText()}",
        _ => " = None",
    };
}
