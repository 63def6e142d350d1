using Gateway.Api.Methods;

namespace Gateway.Api.OpenAi;

/// <summary><c>POST /embeddings</c>.</summary>
/// <param name="methods">What all routes of methods share.</param>
internal sealed class EmbeddingsEndpoint(MethodServices methods) : OpenAiEndpoint("/embeddings", methods);
