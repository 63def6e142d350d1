import OpenAI from 'openai';

const [address, name, model = 'text-generator'] = process.argv.slice(2);
const client = new OpenAI({ apiKey: 'sandbox', baseURL: `${address}/v2/ext/openai/v1`, maxRetries: 0 });
const messages = [{ role: 'user', content: 'The lighthouse' }];
const weather = {
  type: 'function',
  function: { name: 'get_weather', parameters: { type: 'object', properties: { place: { type: 'string' }, days: { type: 'integer' } } } },
};

async function all(stream) {
  const items = [];
  for await (const item of stream) items.push(item);
  return items;
}

const cases = {
  chat: () => client.chat.completions.create({ model, messages, max_tokens: 5 }),
  stream: async () => all(await client.chat.completions.create({ model, messages, max_tokens: 5, stream: true, stream_options: { include_usage: true } })),
  // The client's own putting together of chunks.
  gathered: () => client.chat.completions.stream({ model, messages, max_tokens: 5 }).finalChatCompletion(),
  tools: async () => {
    const asked = [{ role: 'user', content: 'get_weather for 3 days' }];
    const streamed = await client.chat.completions.stream({ model, messages: asked, tools: [weather] }).finalChatCompletion();
    const { message } = (await client.chat.completions.create({ model, messages: asked, tools: [weather] })).choices[0];
    const result = { role: 'tool', tool_call_id: message.tool_calls[0].id, content: 'The sea' };
    const last = await client.chat.completions.create({ model, messages: [...asked, message, result], tools: [weather], max_tokens: 5 });
    return { streamed: streamed.choices[0].message.tool_calls[0].function, whole: message.tool_calls[0].function, answer: last.choices[0].message.content };
  },
  completions: () => client.completions.create({ model, prompt: 'The lighthouse', max_tokens: 5 }),
  completionStream: async () => all(await client.completions.create({ model, prompt: 'The lighthouse', max_tokens: 5, stream: true })),
  embeddings: () => client.embeddings.create({ model, input: ['the tide', 'a boat'] }),
  image: () => client.images.generate({ model, prompt: 'a red boat on the blue sea' }),
  response: () => client.responses.create({ model, input: 'The lighthouse', max_output_tokens: 5 }),
  responseStream: async () => all(await client.responses.create({ model, input: 'The lighthouse', max_output_tokens: 5, stream: true })),
  models: async () => (await client.models.list()).data,
  model: () => client.models.retrieve(model),
};

// The client reports a refusal by an error of its own kind for each status.
const outcome = await cases[name]().catch((error) => ({ kind: error.constructor.name, status: error.status, requestId: error.requestID, ...error.error }));
console.log(JSON.stringify(outcome));
