using Gateway.Api.Methods;

namespace Gateway.Api.OpenAi;

/// <summary><c>POST /images/generations</c>: for models that speak it.</summary>
/// <param name="methods">What all routes of methods share.</param>
internal sealed class ImagesEndpoint(MethodServices methods) : OpenAiEndpoint("/images/generations", methods);
