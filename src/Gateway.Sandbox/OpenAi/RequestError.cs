namespace Gateway.Sandbox.OpenAi;

/// <summary>What is wrong with a request.</summary>
/// <param name="Parameter">The member at fault, as OpenAI writes them: <c>messages[0].content</c>.</param>
/// <param name="Message">What is wrong with it.</param>
internal sealed record RequestError(string Parameter, string Message);
