using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using Gateway.Sandbox.Schemas;
using Gateway.Sandbox.Text;

namespace Gateway.Sandbox.OpenAi;

/// <summary>
/// Answers chats: with a call of a tool; else with JSON, where a format was asked for; else with what the tools returned, where they did;
/// and with a continuation of the last message.
/// </summary>
internal sealed class ChatModel(TextContinuation continuation)
{
    /// <summary>Answers a chat completion request.</summary>
    public bool TryAnswer(JsonObject json, [NotNullWhen(true)] out ChatReply? reply, [NotNullWhen(false)] out RequestError? error)
    {
        reply = null;
        if (!ChatRequest.TryParse(json, out var request, out error))
        {
            return false;
        }

        var random = new Random(request.Settings.Seed);
        var words = new WordStream(continuation, request.Conversation.Asked, request.Settings, random);
        if (request.Tool >= 0)
        {
            var isCalled = FunctionCall.TryMake(
                json["tools"], request.Tool, request.Conversation.Asked, random, words, out var call, out error);
            reply = isCalled ? new ChatReply(request, null, call) : null;
            return isCalled;
        }

        if (request.Schema is null)
        {
            reply = new ChatReply(request, Continue(request), null);
            return true;
        }

        if (!SchemaWriter.TryWrite(request.Schema, random, words, null, out var text, out var fault))
        {
            error = new RequestError(ResponseFormat.Parameter, fault);
            return false;
        }

        reply = new ChatReply(request, TextOf(Tokenizer.Pieces(text), request, request.MaxTokens ?? GenerationSettings.TokenLimit), null);
        return true;
    }

    private GeneratedText Continue(ChatRequest request)
    {
        var said = Tokenizer.Pieces(string.Join('\n', request.Conversation.Results)).ToList();
        var limit = request.MaxTokens ?? Math.Min(said.Count + GenerationSettings.Default.MaxTokens, GenerationSettings.TokenLimit);

        // One more than may be taken tells whether the text would have gone on.
        var more = continuation.Continue(request.Conversation.Last, request.Settings with { MaxTokens = limit + 1 })
            .Select((piece, index) => index == 0 && said.Count > 0 ? " " + piece : piece);
        return TextOf(said.Concat(more), request, limit);
    }

    private static GeneratedText TextOf(IEnumerable<string> tokens, ChatRequest request, int limit) => new(tokens, limit, request.Stops);
}
