using System.Collections;
using System.Globalization;
using Google.Protobuf;

namespace Gateway.Api.Tests.Bindings;

/// <summary>Writes a message as a query string: nested with dots, repeated by repeating, JSON where a list holds messages.</summary>
internal static class QueryText
{
    public static string Of(IMessage message, IReadOnlySet<string> without) =>
        string.Join('&', Parameters(message, "", without).Select(pair => $"{pair.Name}={Uri.EscapeDataString(pair.Value)}"));

    private static IEnumerable<(string Name, string Value)> Parameters(IMessage message, string prefix, IReadOnlySet<string> without)
    {
        foreach (var field in message.Descriptor.Fields.InDeclarationOrder())
        {
            var name = prefix + field.Name;
            var value = field.Accessor.GetValue(message);
            if (value is null || without.Contains(name) || (field.HasPresence && !field.Accessor.HasValue(message)))
            {
                continue;
            }

            if (field.IsRepeated)
            {
                foreach (var element in (IEnumerable)value)
                {
                    yield return (name, Text(element!));
                }
            }
            else if (value is IMessage nested && !nested.Descriptor.FullName.StartsWith("google.protobuf.", StringComparison.Ordinal))
            {
                foreach (var parameter in Parameters(nested, name + ".", without))
                {
                    yield return parameter;
                }
            }
            else
            {
                yield return (name, Text(value));
            }
        }
    }

    private static string Text(object value) => value switch
    {
        bool flag => flag ? "true" : "false",
        ByteString bytes => bytes.ToBase64(),
        System.Enum number => Convert.ToInt32(number, CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture),
        IMessage message => JsonFormatter.Default.Format(message).Trim('"'),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => (string)value,
    };
}
