using System.Collections.Immutable;
using System.Text;
using Gateway.Core.Schema;

namespace Gateway.Core.Binding;

/// <summary>A way from a request message down to a field, as HTTP rules and query parameters write it: <c>user_app_id.app_id</c>.</summary>
public sealed class FieldPath
{
    private FieldPath(string text, ImmutableArray<FieldPlan> fields)
    {
        Text = text;
        Fields = fields;
    }

    /// <summary>The path as it was written.</summary>
    public string Text { get; }

    /// <summary>The fields from the root down; all but the last are singular messages.</summary>
    public ImmutableArray<FieldPlan> Fields { get; }

    /// <summary>The field the path ends at.</summary>
    public FieldPlan Leaf => Fields[^1];

    /// <summary>
    /// Resolves a dotted path of proto or JSON names; null when a part names no field or goes through anything but a message.
    /// </summary>
    public static FieldPath? Resolve(MessagePlan root, string text)
    {
        var fields = ImmutableArray.CreateBuilder<FieldPlan>();
        var message = root;
        foreach (var name in text.Split('.'))
        {
            if (message is null || !message.TryGetField(Encoding.UTF8.GetBytes(name), out var field))
            {
                return null;
            }

            fields.Add(field);
            message = field.IsRepeated ? null : field.Message;
        }

        return new FieldPath(text, fields.DrainToImmutable());
    }
}
