using Gateway.Core.Schema;

namespace Gateway.Core.Binding;

/// <summary>
/// Binds a query string to the fields of a request that has no body: nested with dots, repeated by repeating. A name that is no field is
/// ignored, unless they are errors, as unknown members of a body are. What the path binds is not the query's to say: bind the path after
/// it.
/// </summary>
public static class QueryBinder
{
    /// <summary>Binds every parameter.</summary>
    /// <param name="query">The query as it stood in the request target, with or without its <c>?</c>.</param>
    /// <param name="request">The request's plan.</param>
    /// <param name="fields">Takes the values.</param>
    /// <returns>False when a value does not fit its field; <see cref="BoundFieldWriter.Error"/> says which.</returns>
    public static bool TryBind(string query, MessagePlan request, BoundFieldWriter fields)
    {
        var text = query.AsSpan().TrimStart('?');
        foreach (var range in text.Split('&'))
        {
            var pair = text[range];
            var split = pair.IndexOf('=');
            var name = split < 0 ? pair : pair[..split];
            var value = split < 0 ? [] : pair[(split + 1)..];
            if (name.IsEmpty)
            {
                continue;
            }

            var decoded = Uri.UnescapeDataString(name);
            if (!(FieldPath.Resolve(request, decoded) is { } path
                ? fields.TryWrite(path, value, plusIsSpace: true)
                : fields.TrySkip(decoded)))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Passes over every parameter: a request with a body takes none.</summary>
    /// <param name="query">The query as it stood in the request target, with or without its <c>?</c>.</param>
    /// <param name="fields">Notes the first.</param>
    /// <returns>False when such names are errors; <see cref="BoundFieldWriter.Error"/> says which.</returns>
    public static bool TryPassOver(string query, BoundFieldWriter fields)
    {
        var name = query.AsSpan().TrimStart("?&");
        var end = name.IndexOfAny('=', '&');
        name = end < 0 ? name : name[..end];
        return name.IsEmpty || fields.TrySkip(Uri.UnescapeDataString(name));
    }
}
