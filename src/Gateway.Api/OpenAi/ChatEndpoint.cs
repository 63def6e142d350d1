using Gateway.Api.Methods;

namespace Gateway.Api.OpenAi;

/// <summary><c>POST /chat/completions</c>.</summary>
/// <param name="methods">What all routes of methods share.</param>
internal sealed class ChatEndpoint(MethodServices methods) : OpenAiEndpoint("/chat/completions", methods);
