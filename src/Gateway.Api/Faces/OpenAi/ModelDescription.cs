using System.Text.Json.Nodes;
using Gateway.Core.Methods;

namespace Gateway.Api.Faces.OpenAi;

/// <summary>A model as OpenAI describes them.</summary>
internal static class ModelDescription
{
    /// <summary>Describes a model.</summary>
    /// <param name="name">What requests call it.</param>
    /// <param name="model">The model.</param>
    /// <param name="created">When it was made; the epoch where nobody asked.</param>
    public static JsonObject Of(string name, ModelAddress model, DateTimeOffset created) => new()
    {
        ["id"] = name,
        ["object"] = "model",
        ["created"] = created.ToUnixTimeSeconds(),
        ["owned_by"] = model.UserId,
    };
}
