import { createOpenAI } from '@ai-sdk/openai';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { HumanMessage, ToolMessage } from '@langchain/core/messages';
import { tool as langchainTool } from '@langchain/core/tools';
import { ChatOpenAI } from '@langchain/openai';
import { generateObject, generateText, stepCountIs, streamObject, streamText, tool } from 'ai';
import OpenAI from 'openai';
import { zodResponseFormat, zodTextFormat } from 'openai/helpers/zod';
import { z } from 'zod';

// Each case gives what the client made of the answer: an object of the schema, or the tool's arguments and the text that ended the loop.
const [address, name] = process.argv.slice(2);
const [apiKey, baseURL, model] = ['sandbox', `${address}/v2/ext/openai/v1`, 'text-generator'];
const Island = z.object({ name: z.string(), houses: z.number().int().min(0), kind: z.enum(['rock', 'sand']), birds: z.array(z.string()).min(1) });
const prompt = 'The third island';

const question = 'Is it warm in Oslo for the next 3 days?';
const Place = z.object({ place: z.string(), days: z.number().int() });
const weather = { name: 'get_weather', description: 'Says how warm it is.' };
const outcome = { asked: [], text: null };
const answer = (args) => {
  outcome.asked.push(args);
  return `${args.days} mild days`;
};

const openai = new OpenAI({ apiKey, baseURL, maxRetries: 0 });
const compatible = createOpenAICompatible({ name: 'gateway', apiKey, baseURL, supportsStructuredOutputs: true })(model);
const responses = createOpenAI({ apiKey, baseURL }).responses(model);
const langchain = new ChatOpenAI({ model, apiKey, configuration: { baseURL }, maxRetries: 0 });

async function streamed(of) {
  const { partialObjectStream, object } = streamObject({ model: of, schema: Island, prompt });
  let parts = 0;
  for await (const _ of partialObjectStream) parts++;
  return parts > 1 ? await object : { parts };
}

const tools = { get_weather: tool({ description: weather.description, inputSchema: Place, execute: answer }) };
const vercelLoop = async (of) => {
  outcome.text = (await generateText({ model: of, tools, prompt: question, stopWhen: stepCountIs(5) })).text;
  return outcome;
};
const vercelStreamedLoop = async (of) => {
  outcome.text = await streamText({ model: of, tools, prompt: question, stopWhen: stepCountIs(5) }).text;
  return outcome;
};
const runner = { type: 'function', function: { ...weather, parameters: z.toJSONSchema(Place), parse: JSON.parse, function: answer } };

const cases = {
  openaiObject: async () => {
    const chat = await openai.chat.completions.parse({ model, messages: [{ role: 'user', content: prompt }], response_format: zodResponseFormat(Island, 'island') });
    return chat.choices[0].message.parsed;
  },
  openaiResponsesObject: async () =>
    (await openai.responses.parse({ model, input: prompt, text: { format: zodTextFormat(Island, 'island') } })).output_parsed,
  openaiResponsesStream: async () =>
    (await openai.responses.stream({ model, input: prompt, text: { format: zodTextFormat(Island, 'island') } }).finalResponse()).output_parsed,
  openaiLoop: async () => {
    outcome.text = await openai.chat.completions.runTools({ model, messages: [{ role: 'user', content: question }], tools: [runner] }).finalContent();
    return outcome;
  },
  openaiStreamedLoop: async () => {
    outcome.text = await openai.chat.completions.runTools({ model, stream: true, messages: [{ role: 'user', content: question }], tools: [runner] }).finalContent();
    return outcome;
  },
  openaiBadSchema: () =>
    openai.chat.completions.create({
      model,
      messages: [{ role: 'user', content: prompt }],
      response_format: { type: 'json_schema', json_schema: { name: 'island', strict: true, schema: { type: 'object', properties: { a: { type: 'string' } } } } },
    }),
  vercelObject: async () => (await generateObject({ model: compatible, schema: Island, prompt })).object,
  vercelStream: () => streamed(compatible),
  vercelResponsesObject: async () => (await generateObject({ model: responses, schema: Island, prompt })).object,
  vercelResponsesStream: () => streamed(responses),
  vercelLoop: () => vercelLoop(compatible),
  vercelStreamedLoop: () => vercelStreamedLoop(compatible),
  vercelResponsesLoop: () => vercelLoop(responses),
  vercelResponsesStreamedLoop: () => vercelStreamedLoop(responses),
  langchainObject: () => langchain.withStructuredOutput(Island, { name: 'island', method: 'jsonSchema' }).invoke(prompt),
  langchainByTool: () => langchain.withStructuredOutput(Island, { name: 'island', method: 'functionCalling' }).invoke(prompt),
  langchainJsonMode: () => langchain.withStructuredOutput(z.object({ text: z.string() }), { name: 'island', method: 'jsonMode' }).invoke(prompt),
  langchainLoop: async () => {
    const bound = langchain.bindTools([langchainTool(answer, { ...weather, schema: Place })]);
    const messages = [new HumanMessage(question)];
    let last = await bound.invoke(messages);
    while (last.tool_calls.length > 0 && messages.length < 10) {
      messages.push(last, ...last.tool_calls.map((call) => new ToolMessage({ tool_call_id: call.id, content: answer(call.args) })));
      last = await bound.invoke(messages);
    }
    outcome.text = last.content;
    return outcome;
  },
};

const failure = (error) => ({ kind: error.constructor.name, status: error.status, ...(error.error ?? { message: error.message }) });
console.log(JSON.stringify(await cases[name]().catch(failure)));
