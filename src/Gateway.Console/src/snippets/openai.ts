import { literal, type Language } from './snippets.ts';

export interface ChatMessage {
  role: 'system' | 'user' | 'assistant';
  content: string;
}

export interface ChatRequest {
  model: string;
  messages: ChatMessage[];
  [setting: string]: unknown;
}

/** Code that streams a chat with OpenAI's own client of a language; curl without one. */
export function openAiSnippet(language: Language, baseUrl: string, request: ChatRequest): string {
  return writers[language](baseUrl, request);
}

const csharpMessages = { system: 'SystemChatMessage', user: 'UserChatMessage', assistant: 'AssistantChatMessage' };
const goMessages = { system: 'SystemMessage', user: 'UserMessage', assistant: 'AssistantMessage' };

const writers: Record<Language, (baseUrl: string, request: ChatRequest) => string> = {
  curl: (baseUrl, request) => `curl -sSN '${baseUrl}/chat/completions' \\
  -H "Authorization: Bearer $GATEWAY_KEY" \\
  -H 'Content-Type: application/json' \\
  -d '${literal({ ...request, stream: true })}'
`,
  python: (baseUrl, request) => `import json
import os

from openai import OpenAI  # pip install openai

client = OpenAI(base_url='${baseUrl}', api_key=os.environ.get('GATEWAY_KEY', ''))
for chunk in client.chat.completions.create(**json.loads(r'${literal({ ...request, stream: true })}')):
    if chunk.choices:
        print(chunk.choices[0].delta.content or '', end='', flush=True)
`,
  javascript: (baseUrl, request) => `import OpenAI from 'openai'; // npm install openai

const client = new OpenAI({ baseURL: '${baseUrl}', apiKey: process.env.GATEWAY_KEY ?? '' });
const chunks = await client.chat.completions.create(${literal({ ...request, stream: true })});
for await (const chunk of chunks) process.stdout.write(chunk.choices[0]?.delta?.content ?? '');
`,
  csharp: (baseUrl, { model, messages }) => `using System.ClientModel;
using OpenAI; // dotnet add package OpenAI
using OpenAI.Chat;

var client = new ChatClient(
    ${literal(model)},
    new ApiKeyCredential(Environment.GetEnvironmentVariable("GATEWAY_KEY") ?? ""),
    new OpenAIClientOptions { Endpoint = new Uri("${baseUrl}") });
ChatMessage[] messages =
[
${messages.map(({ role, content }) => `    new ${csharpMessages[role]}(${literal(content)}),`).join('\n')}
];
await foreach (var update in client.CompleteChatStreamingAsync(messages))
{
    Console.Write(string.Concat(update.ContentUpdate.Select(part => part.Text)));
}
`,
  go: (baseUrl, { model, messages }) => `package main

import (
	"context"
	"fmt"
	"log"
	"os"

	"github.com/openai/openai-go" // go get github.com/openai/openai-go
	"github.com/openai/openai-go/option"
)

func main() {
	client := openai.NewClient(option.WithBaseURL("${baseUrl}"), option.WithAPIKey(os.Getenv("GATEWAY_KEY")))
	stream := client.Chat.Completions.NewStreaming(context.Background(), openai.ChatCompletionNewParams{
		Model: ${literal(model)},
		Messages: []openai.ChatCompletionMessageParamUnion{
${messages.map(({ role, content }) => `\t\t\topenai.${goMessages[role]}(${literal(content)}),`).join('\n')}
		},
	})
	for stream.Next() {
		if chunk := stream.Current(); len(chunk.Choices) > 0 {
			fmt.Print(chunk.Choices[0].Delta.Content)
		}
	}
	if err := stream.Err(); err != nil {
		log.Fatal(err)
	}
}
`,
};
