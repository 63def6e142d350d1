using Gateway.Api.Http;
using Gateway.Api.Tenancy;
using Gateway.Core.Methods;

namespace Gateway.Api.Models;

/// <summary>A path that begins with a model, in one of the forms that the API has for it.</summary>
internal sealed class ModelPath
{
    private static readonly string[] Paths =
    [
        "/models/{model_id}",
        "/models/{model_id}/versions/{version_id}",
        "/users/{user_id}/apps/{app_id}/models/{model_id}",
        "/users/{user_id}/apps/{app_id}/models/{model_id}/versions/{version_id}",
    ];

    private readonly string[] _segments;

    private ModelPath(string pattern)
    {
        Pattern = pattern;
        _segments = pattern[1..].Split('/');
    }

    /// <summary>The path's template.</summary>
    public string Pattern { get; }

    /// <summary>Every form of a model's path.</summary>
    /// <param name="root">What stands before it.</param>
    /// <param name="ending">What stands behind it.</param>
    public static IEnumerable<ModelPath> Of(string root, string ending = "") => Paths.Select(path => new ModelPath(root + path + ending));

    /// <summary>The model that a request's path names; in the tenant's own app where it names neither user nor app.</summary>
    public ModelAddress ModelIn(HttpContext http, Tenant tenant)
    {
        var address = new ModelAddress(Read(http, "user_id"), Read(http, "app_id"), Read(http, "model_id"), Read(http, "version_id"));
        return address.In(tenant);
    }

    /// <summary>The method that a request's path names; empty where the template has none.</summary>
    public string MethodIn(HttpContext http) => Read(http, "method");

    // Empty when the template has no such variable.
    private string Read(HttpContext http, string variable)
    {
        var index = Array.IndexOf(_segments, $"{{{variable}}}");
        return index < 0 ? "" : RawPath.Segment(http, index);
    }
}
