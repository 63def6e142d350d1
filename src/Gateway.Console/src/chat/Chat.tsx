import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { writeAddress } from '../gateway/address.ts';
import { list } from '../gateway/catalog.ts';
import { gateway, GatewayError, isUnauthorized, type Client, type Story } from '../gateway/client.ts';
import { messageOf } from '../gateway/message.ts';
import { Code } from '../snippets/Code.tsx';
import { openAiSnippet, type ChatMessage } from '../snippets/openai.ts';
import { Failure } from '../ui/Failure.tsx';
import { Icon } from '../ui/Icon.tsx';
import { StoryView } from '../ui/StoryView.tsx';
import { time } from '../ui/text.ts';

const face = 'v2/ext/openai/v1';

interface Chunk {
  choices?: { delta?: { content?: string | null } }[];
  usage?: { prompt_tokens: number; completion_tokens: number } | null;
  error?: { message?: string };
}

/** A chat with any model that the gateway serves to OpenAI's clients. */
export function Chat({ client, onUnauthorized }: { client: Client; onUnauthorized: () => void }) {
  const [models, setModels] = useState<string[]>([]);
  const [model, setModel] = useState('');
  const [system, setSystem] = useState('');
  const [limit, setLimit] = useState('');
  const [messages, setMessages] = useState<ChatMessage[]>([]);
  const [draft, setDraft] = useState('');
  const [failure, setFailure] = useState<string | null>(null);
  const [story, setStory] = useState<Story | null>(null);
  const [isRunning, setRunning] = useState(false);
  const abort = useRef<AbortController | null>(null);
  useEffect(() => () => abort.current?.abort(), []);

  const fail = (error: unknown) => {
    setFailure((error as Error).message);
    if (isUnauthorized(error)) onUnauthorized();
  };

  useEffect(() => {
    const asking = new AbortController();
    chatModels(client, asking.signal)
      .then((found) => {
        setModels(found);
        setModel((before) => before || (found[0] ?? ''));
      })
      .catch((error: unknown) => asking.signal.aborted || fail(error));
    return () => asking.abort();
  }, [client]);

  const settings = useMemo(() => (limit === '' ? {} : { max_tokens: Number(limit) }), [limit]);
  const withSystem = (all: ChatMessage[]): ChatMessage[] =>
    system.trim() ? [{ role: 'system', content: system.trim() }, ...all] : all;

  const send = async (event: Event) => {
    event.preventDefault();
    const content = draft.trim();
    if (content === '' || isRunning) return;
    const asked: ChatMessage[] = [...messages, { role: 'user', content }];
    const own = new AbortController();
    abort.current = own;
    setMessages([...asked, { role: 'assistant', content: '' }]);
    setDraft('');
    setFailure(null);
    setRunning(true);
    try {
      const body = { model, messages: withSystem(asked), ...settings, stream: true, stream_options: { include_usage: true } };
      const exchange = await client.open(`${face}/chat/completions`, {
        body,
        accept: 'text/event-stream',
        signal: own.signal,
        onStory: setStory,
      });
      let answer = '';
      for await (const { data } of exchange.events()) {
        if (data === '[DONE]') continue;
        const chunk = JSON.parse(data) as Chunk;
        if (chunk.error) throw new GatewayError(messageOf(chunk) ?? 'The stream failed.', 200);
        if (chunk.usage) exchange.count(chunk.usage.prompt_tokens, chunk.usage.completion_tokens);
        answer += chunk.choices?.[0]?.delta?.content ?? '';
        setMessages([...asked, { role: 'assistant', content: answer }]);
      }
    } catch (error) {
      if (!own.signal.aborted) fail(error);
    } finally {
      // An answer that has nothing in it is none, and would be refused as a message.
      setMessages((all) => all.filter(({ role, content: text }) => role !== 'assistant' || text !== ''));
      setRunning(false);
    }
  };

  return (
    <>
      <h1>Chat</h1>
      <div class="card">
        <div class="grid">
          <div class="field">
            <label for="chat-model">Model</label>
            <input
              id="chat-model"
              list="chat-models"
              autocomplete="off"
              spellcheck={false}
              value={model}
              onInput={(event) => setModel(event.currentTarget.value)}
            />
            <datalist id="chat-models">
              {models.map((id) => (
                <option key={id} value={id} />
              ))}
            </datalist>
          </div>
          <div class="field">
            <label for="chat-limit">Tokens at most</label>
            <input
              id="chat-limit"
              type="number"
              min={1}
              step={1}
              value={limit}
              onInput={(event) => setLimit(event.currentTarget.value)}
            />
          </div>
        </div>
        <details>
          <summary>Instructions for the model</summary>
          <div class="field">
            <label for="chat-system">System message</label>
            <textarea id="chat-system" rows={2} value={system} onInput={(event) => setSystem(event.currentTarget.value)} />
          </div>
        </details>
        <div class="log" role="log" aria-label="Messages" aria-busy={isRunning} tabIndex={0}>
          {messages.length === 0 && <p class="muted">Say something.</p>}
          {messages.map(({ role, content }, index) => (
            <div key={index} class={`message ${role}`}>
              <span class="who">{role === 'user' ? 'You' : 'Model'}</span>
              <p>{content || '…'}</p>
            </div>
          ))}
        </div>
        <Failure text={failure} />
        <form class="compose" onSubmit={send} aria-label="A message">
          <textarea
            aria-label="Your message"
            rows={2}
            value={draft}
            onInput={(event) => setDraft(event.currentTarget.value)}
            onKeyDown={(event) => event.key === 'Enter' && !event.shiftKey && !event.isComposing && void send(event)}
          />
          {isRunning ? (
            <button type="button" class="primary" key="stop" onClick={() => abort.current?.abort()}>
              <Icon name="stop" /> Stop
            </button>
          ) : (
            <button type="submit" class="primary" key="send">
              <Icon name="play" /> Send
            </button>
          )}
        </form>
        <p class="state" role="status">
          {story && !isRunning && summary(story)}
        </p>
        <div class="row">
          <button type="button" class="quiet" disabled={isRunning || messages.length === 0} onClick={() => setMessages([])}>
            Begin again
          </button>
        </div>
      </div>
      <details class="card">
        <summary>The last request</summary>
        {story ? <StoryView story={story} /> : <p class="muted">Nothing was asked yet.</p>}
      </details>
      <details class="card">
        <summary>Code for OpenAI's clients</summary>
        <Code
          of={(language) =>
            openAiSnippet(language, new URL(face, gateway).href, {
              model,
              messages: withSystem(questions(messages, draft)),
              ...settings,
            })
          }
        />
      </details>
    </>
  );
}

// What would be sent next, or was sent last.
function questions(messages: ChatMessage[], draft: string): ChatMessage[] {
  if (draft.trim()) return [...messages, { role: 'user', content: draft.trim() }];
  const asked = messages.slice(0, messages.findLastIndex(({ role }) => role === 'user') + 1);
  return asked.length > 0 ? asked : [{ role: 'user', content: 'Hello' }];
}

function summary({ outcome, tokens, firstAfter, endedAfter = 0 }: Story): string {
  const said = { done: 'Done', cancelled: 'Cancelled', failed: 'Failed', running: 'Running' }[outcome];
  const parts = [`${said} in ${time(endedAfter)}`];
  if (tokens) parts.push(`${tokens.completion} tokens`);
  const seconds = (endedAfter - (firstAfter ?? 0)) / 1000;
  if (tokens && tokens.completion > 1 && seconds > 0) parts.push(`${((tokens.completion - 1) / seconds).toFixed(1)} tokens/s`);
  if (firstAfter) parts.push(`first after ${time(firstAfter)}`);
  return parts.join(', ');
}

// Models of texts first: the face lists those of pictures and vectors as well.
async function chatModels(client: Client, signal: AbortSignal): Promise<string[]> {
  const answer = (await client.ask(`${face}/models`, { signal })) as { data?: { id: string }[] };
  const entries = await list(client, 'models', undefined, '', signal).catch(() => []);
  const chats = new Set(entries.filter(({ type }) => /to-text$/.test(type)).map(({ address }) => writeAddress(address)));
  const isChat = (id: string) => [...chats].some((chat) => id.endsWith(`/${chat}`));
  return (answer.data ?? []).map(({ id }) => id).toSorted((one, other) => Number(isChat(other)) - Number(isChat(one)));
}
