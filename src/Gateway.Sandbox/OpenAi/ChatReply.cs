using Gateway.Sandbox.Text;

namespace Gateway.Sandbox.OpenAi;

/// <summary>What the model answers to a chat: a text, or the call of a tool.</summary>
/// <param name="Request">What was asked for.</param>
/// <param name="Text">The text; null for a call.</param>
/// <param name="Call">The call; null for a text.</param>
internal sealed record ChatReply(ChatRequest Request, GeneratedText? Text, FunctionCall? Call)
{
    /// <summary>The tokens of the answer, once its pieces were taken.</summary>
    public int CompletionTokens => Text?.Tokens ?? Tokenizer.Count(Call!.Arguments);

    /// <summary>Whether it ended at the most tokens, once its pieces were taken. Calls come whole.</summary>
    public bool IsCut => Text is { IsCut: true };

    /// <summary>The pieces of the text, to be taken once.</summary>
    public IEnumerable<string> Pieces() => Text?.Pieces() ?? [];
}
