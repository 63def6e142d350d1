using System.Text.Json.Nodes;
using Gateway.Api.Models;
using Gateway.Core.Methods;

namespace Gateway.Api.Faces.Methods;

/// <summary>What is told of methods.</summary>
internal static class MethodDescription
{
    /// <summary>All methods of a model.</summary>
    public static JsonObject Of(ModelAddress model, ModelMethods methods) => new()
    {
        ["model_id"] = model.ModelId,
        ["version_id"] = methods.VersionId,
        ["methods"] = new JsonArray([.. methods.All.Select(Of)]),
    };

    /// <summary>One method: its kind, its signature as people read it, and as JSON Schema.</summary>
    public static JsonObject Of(ModelMethod method) => new()
    {
        ["name"] = method.Name,
        ["kind"] = KindText.Of(method.Kind),
        ["signature"] = TypeText.Of(method),
        ["description"] = method.Description,
        ["arguments"] = MethodSchema.OfArguments(method),
        ["result"] = MethodSchema.OfResult(method),
    };
}
