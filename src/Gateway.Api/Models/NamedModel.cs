using Clarifai.Api;
using Gateway.Core.Methods;

namespace Gateway.Api.Models;

/// <summary>The model that a request names.</summary>
/// <param name="Address">Where it is.</param>
/// <param name="Methods">Its methods.</param>
/// <param name="Head">A request to run it where the client wants it, without inputs.</param>
internal sealed record NamedModel(ModelAddress Address, ModelMethods Methods, PostModelOutputsRequest Head);
