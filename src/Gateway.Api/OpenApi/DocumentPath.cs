using Gateway.Core.Binding;

namespace Gateway.Api.OpenApi;

/// <summary>
/// A route's path as the document has it: a variable is called by the last part of its field, as in the API's own documentation
/// (<c>{user_app_id.user_id}</c> is <c>{user_id}</c>); by more of it where two would be called the same.
/// </summary>
internal sealed class DocumentPath
{
    /// <summary>Names the variables of a template.</summary>
    public DocumentPath(PathTemplate template)
    {
        var variables = template.Segments.Select(segment => segment.Variable).OfType<FieldPath>().ToList();
        var last = variables.CountBy(variable => Last(variable.Text)).ToDictionary();
        Variables = [.. variables.Select(variable => (NameOf(variable), variable))];
        var names = Variables.ToDictionary(one => one.Field, one => one.Name);
        Text = string.Concat(
            template.Segments.Select(segment => segment.Variable is { } field ? $"/{{{names[field]}}}" : $"/{segment.Literal}"));

        string NameOf(FieldPath variable) =>
            last[Last(variable.Text)] == 1 ? Last(variable.Text) : variable.Text.Replace('.', '_');
    }

    /// <summary>The template.</summary>
    public string Text { get; }

    /// <summary>Its variables in order, and the fields that they fill.</summary>
    public IReadOnlyList<(string Name, FieldPath Field)> Variables { get; }

    private static string Last(string path) => path[(path.LastIndexOf('.') + 1)..];
}
