using System.Collections.Immutable;
using Gateway.Core.Schema;

namespace Gateway.Core.Binding;

/// <summary>
/// The path of an HTTP rule (google.api.http), in the subset that V2 uses:
/// <code>
/// template = "/" segment { "/" segment }
/// segment  = literal | "{" field path "}"
/// </code>
/// A variable is one whole segment. Verbs (<c>:cancel</c>), wildcards and patterns inside variables are refused at startup.
/// </summary>
public sealed class PathTemplate
{
    private PathTemplate(string text, ImmutableArray<PathSegment> segments)
    {
        Text = text;
        Segments = segments;
    }

    /// <summary>The template as the rule writes it.</summary>
    public string Text { get; }

    /// <summary>The segments in order.</summary>
    public ImmutableArray<PathSegment> Segments { get; }

    /// <summary>The template with its variables made anonymous: two templates of one shape match the same paths.</summary>
    public string Shape => string.Concat(Segments.Select(segment => segment.Variable is null ? $"/{segment.Literal}" : "/{}"));

    /// <summary>Compiles a template against the request it fills.</summary>
    /// <exception cref="ArgumentException">The template is outside the subset, or names a field that is not there.</exception>
    public static PathTemplate Parse(string text, MessagePlan request)
    {
        if (!text.StartsWith('/') || text.AsSpan().ContainsAny('*', ':'))
        {
            throw new ArgumentException($"The path template {text} is not of the form this gateway reads.", nameof(text));
        }

        var segments = text[1..].Split('/').Select(segment => ParseSegment(segment, text, request));
        return new PathTemplate(text, [.. segments]);
    }

    /// <summary>Binds the variables of a path that routing has matched with this template.</summary>
    /// <param name="rawPath">The path as it stood in the request target: still percent-encoded, without the query.</param>
    /// <param name="fields">Takes the values.</param>
    /// <returns>False when a value does not fit its field; <see cref="BoundFieldWriter.Error"/> says which.</returns>
    public bool TryBind(ReadOnlySpan<char> rawPath, BoundFieldWriter fields)
    {
        var rest = rawPath;
        foreach (var segment in Segments)
        {
            rest = rest[1..];
            var end = rest.IndexOf('/');
            var value = end < 0 ? rest : rest[..end];
            if (segment.Variable is { } variable && !fields.TryWrite(variable, value, plusIsSpace: false))
            {
                return false;
            }

            rest = rest[value.Length..];
        }

        return true;
    }

    private static PathSegment ParseSegment(string segment, string template, MessagePlan request)
    {
        if (!segment.StartsWith('{'))
        {
            return new PathSegment(segment, null);
        }

        var variable = FieldPath.Resolve(request, segment.Trim('{', '}'))
            ?? throw new ArgumentException(
                $"{segment} in the path template {template} names no field of {request.FullName}.", nameof(template));
        return new PathSegment(null, variable);
    }
}
