using System.CommandLine;
using System.Text;
using System.Text.Json.Nodes;

namespace Gateway.Api.Commands;

/// <summary>
/// <c>chat MODEL</c>: one prompt, from an argument or standard input, or on a terminal one after the other; the answer comes token by
/// token.
/// </summary>
internal static class ChatCommand
{
    private const string Path = "v2/ext/openai/v1/chat/completions";

    /// <summary>The command.</summary>
    public static Command Create(ClientFactory clients)
    {
        var model = ModelArgument.Create();
        var prompt = new Argument<string?>("PROMPT")
        {
            Arity = ArgumentArity.ZeroOrOne,
            Description = "What to say; without it, standard input, and a conversation where that is a terminal.",
        };
        var system = new Option<string?>("--system") { Description = "What the model is told before.", HelpName = "TEXT" };
        var maxTokens = CountOption.Create("--max-tokens", "The most tokens of an answer.");
        var json = new Option<bool>("--json") { Description = "The chunks of the stream as they come, one a line." };
        var command = new Command("chat", "Talks to a model, through the OpenAI face.") { model, prompt, system, maxTokens, json };
        clients.AddOptionsTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var said = parsed.GetValue(prompt);
            if (said is null && Console.IsInputRedirected)
            {
                said = (await InputContent.OfStandardInputAsync(cancellationToken)).Text.TrimEnd();
            }

            if (said is not null && string.IsNullOrWhiteSpace(said))
            {
                throw new CommandFault("The prompt is empty.");
            }

            await using var client = await clients.OpenAsync(parsed, cancellationToken);
            var chat = new Chat(
                client, parsed.GetRequiredValue(model), parsed.GetValue(system), parsed.GetValue(maxTokens), parsed.GetValue(json));
            await (said is null ? chat.TalkAsync(cancellationToken) : chat.SayAsync(said, cancellationToken));
        });
        return command;
    }

    private sealed class Chat(GatewayClient client, string model, string? system, int? maxTokens, bool json)
    {
        private readonly List<(string Role, string Content)> _messages = system is null ? [] : [("system", system)];

        /// <summary>Reads prompts until the input ends.</summary>
        public async Task TalkAsync(CancellationToken cancellationToken)
        {
            await Console.Error.WriteLineAsync($"Talking to {model}; Ctrl+D ends it.");
            while (true)
            {
                await Console.Error.WriteAsync("> ");

                // A terminal's read cannot be called off: the process ends above it.
                if (await Task.Run(Console.In.ReadLine, cancellationToken).WaitAsync(cancellationToken) is not { } line)
                {
                    return;
                }

                if (!string.IsNullOrWhiteSpace(line))
                {
                    await SayAsync(line, cancellationToken);
                }
            }
        }

        /// <summary>Says one thing, and writes the answer as it comes.</summary>
        public async Task SayAsync(string text, CancellationToken cancellationToken)
        {
            _messages.Add(("user", text));
            var answer = new StringBuilder();
            try
            {
                await foreach (var chunk in client.StreamAsync(Path, Body(), "choices", cancellationToken))
                {
                    if (json)
                    {
                        Screen.WriteLine(chunk.GetRawText());
                        continue;
                    }

                    var content = chunk.Items("choices").FirstOrDefault().Member("delta")?.Text("content");
                    answer.Append(content);
                    Screen.Write(Screen.Printable(content ?? ""));
                }
            }
            catch (CommandFault) when (answer.Length > 0)
            {
                Screen.WriteLine(""); // what was wrong comes on a line of its own
                throw;
            }

            _messages.Add(("assistant", answer.ToString()));
            if (!json)
            {
                Screen.WriteLine("");
            }
        }

        private JsonObject Body()
        {
            var body = new JsonObject
            {
                ["model"] = model,
                ["stream"] = true,
                ["messages"] = new JsonArray(
                    [.. _messages.Select(message => new JsonObject { ["role"] = message.Role, ["content"] = message.Content })]),
            };
            if (maxTokens is not null)
            {
                body["max_tokens"] = maxTokens;
            }

            return body;
        }
    }
}
