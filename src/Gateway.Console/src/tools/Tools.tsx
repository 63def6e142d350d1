import { useEffect, useRef, useState } from 'preact/hooks';
import { parseAddress, pathOf, writeAddress, type Address } from '../gateway/address.ts';
import { list, type Entry, type Schema } from '../gateway/catalog.ts';
import { GatewayError, isUnauthorized, type Client, type Story } from '../gateway/client.ts';
import { fieldsOf } from '../fields/field.ts';
import { useFields } from '../fields/useFields.tsx';
import { readable } from '../results/json.ts';
import { ViewList } from '../results/ViewList.tsx';
import type { View } from '../results/views.ts';
import { Failure } from '../ui/Failure.tsx';
import { Icon } from '../ui/Icon.tsx';
import { StoryView } from '../ui/StoryView.tsx';
import { Tabs } from '../ui/Tabs.tsx';

interface Tool {
  name: string;
  title?: string;
  description?: string;
  inputSchema: Schema;
}

interface Content {
  type: string;
  text?: string;
  data?: string;
  mimeType?: string;
}

interface Called {
  content?: Content[];
  isError?: boolean;
}

interface Props {
  client: Client;
  onUnauthorized: () => void;
}

/** Any model as a server of MCP: its tools, listed and called. */
export function Tools({ client, onUnauthorized }: Props) {
  const [entries, setEntries] = useState<Entry[]>([]);
  const [model, setModel] = useState('');
  const [found, setFound] = useState<{ address: Address; tools: Tool[] } | null>(null);
  const [current, setCurrent] = useState<Tool | null>(null);
  const [failure, setFailure] = useState<string | null>(null);

  const fail = (error: unknown) => {
    setFailure((error as Error).message);
    if (isUnauthorized(error)) onUnauthorized();
  };

  useEffect(() => {
    const asking = new AbortController();
    list(client, 'models', undefined, '', asking.signal)
      .then((listed) => {
        // Those that speak MCP themselves first.
        const sorted = listed.toSorted((one, other) => Number(other.type === 'mcp') - Number(one.type === 'mcp'));
        setEntries(sorted);
        setModel((before) => before || (sorted[0] ? writeAddress(sorted[0].address) : ''));
      })
      .catch((error: unknown) => asking.signal.aborted || fail(error));
    return () => asking.abort();
  }, [client]);

  const show = async (event: SubmitEvent) => {
    event.preventDefault();
    const address = parseAddress(model);
    setFailure(null);
    setFound(null);
    setCurrent(null);
    if (!address) return setFailure('That is neither an id nor a model’s address.');
    try {
      const { tools } = (await call(client, address, 'tools/list', {}, {})) as { tools: Tool[] };
      setFound({ address, tools });
      setCurrent(tools[0] ?? null);
    } catch (error) {
      fail(error);
    }
  };

  return (
    <>
      <h1>Tools</h1>
      <form class="card" onSubmit={show} aria-label="The server">
        <div class="field">
          <label for="tools-model">Model, as an MCP server</label>
          <div class="row">
            <input
              id="tools-model"
              list="tools-models"
              autocomplete="off"
              spellcheck={false}
              value={model}
              onInput={(event) => setModel(event.currentTarget.value)}
            />
            <button type="submit" class="primary">
              List tools
            </button>
          </div>
          <datalist id="tools-models">
            {entries.map(({ address, name }) => (
              <option key={writeAddress(address)} value={writeAddress(address)}>
                {name}
              </option>
            ))}
          </datalist>
        </div>
        <Failure text={failure} />
      </form>
      {found && (
        <>
          <div class="choices" role="group" aria-label="Tools">
            {found.tools.map((tool) => (
              <button type="button" key={tool.name} aria-pressed={tool === current} onClick={() => setCurrent(tool)}>
                {tool.name}
              </button>
            ))}
          </div>
          {current ? (
            <ToolForm key={current.name} client={client} address={found.address} tool={current} />
          ) : (
            <p class="muted">It has no tools.</p>
          )}
        </>
      )}
    </>
  );
}

type Done = { story?: Story; result?: Called; error?: string; isRunning: boolean };

function ToolForm({ client, address, tool }: { client: Client; address: Address; tool: Tool }) {
  // Of methods, the title is the signature, which knows which texts are pictures.
  const { view, read } = useFields(
    fieldsOf({ name: tool.name, kind: 'UNARY_UNARY', signature: tool.title ?? '', arguments: tool.inputSchema }),
  );
  const [done, setDone] = useState<Done | null>(null);
  const [tab, setTab] = useState<'result' | 'json' | 'request'>('result');
  const abort = useRef<AbortController | null>(null);
  useEffect(() => () => abort.current?.abort(), []);

  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const values = read();
    if (!values) return;
    const own = new AbortController();
    abort.current = own;
    setDone({ isRunning: true });
    const onStory = (story: Story) => setDone((before) => ({ ...before!, story }));
    try {
      const result = (await call(
        client,
        address,
        'tools/call',
        { name: tool.name, arguments: values },
        { signal: own.signal, onStory },
      )) as Called;
      setDone((before) => ({ ...before!, result, isRunning: false }));
    } catch (error) {
      const said = own.signal.aborted ? {} : { error: (error as Error).message };
      setDone((before) => ({ ...before!, ...said, isRunning: false }));
    }
  };

  return (
    <>
      {tool.description && <p>{tool.description}</p>}
      <div class="call">
        <form class="card" onSubmit={submit} noValidate aria-label="The tool’s arguments">
          {view}
          <div class="row">
            {done?.isRunning ? (
              <button type="button" class="primary" key="cancel" onClick={() => abort.current?.abort()}>
                <Icon name="stop" /> Cancel
              </button>
            ) : (
              <button type="submit" class="primary" key="call">
                <Icon name="play" /> Call
              </button>
            )}
          </div>
        </form>
        <section class="card outcome" aria-label="What became of it">
          <Tabs
            label="tool"
            tabs={[
              { id: 'result', name: 'Result' },
              { id: 'json', name: 'JSON' },
              { id: 'request', name: 'Request' },
            ]}
            current={tab}
            onChange={setTab}
          >
            {!done && <p class="muted">The answer will be here.</p>}
            {done && tab === 'result' && <ToolResult done={done} />}
            {done?.result && tab === 'json' && (
              <pre class="code" tabIndex={0} aria-label="JSON">
                {readable(done.result)}
              </pre>
            )}
            {done?.story && tab === 'request' && <StoryView story={done.story} />}
          </Tabs>
        </section>
      </div>
    </>
  );
}

function ToolResult({ done: { isRunning, error, result, story } }: { done: Done }) {
  const failed = error ?? (result?.isError ? 'The tool failed.' : undefined);
  return (
    <>
      <p class="state" role="status">
        {isRunning ? 'Running…' : story?.outcome === 'cancelled' ? 'Cancelled' : failed ? 'Failed' : 'Done'}
      </p>
      {failed && <p class="error">{failed}</p>}
      <ViewList views={(result?.content ?? []).map(viewOf)} picture={undefined} />
    </>
  );
}

function viewOf(content: Content): View {
  if (content.type === 'text') return { kind: 'text', text: content.text ?? '' };
  if ((content.type === 'image' || content.type === 'audio') && content.data)
    return { kind: content.type, media: { base64: content.data } };
  return { kind: 'json', value: content };
}

interface Asked {
  signal?: AbortSignal;
  onStory?: (story: Story) => void;
}

// A message of JSON-RPC, which may fail in an answer that is 200.
async function call(client: Client, address: Address, method: string, params: unknown, asked: Asked): Promise<unknown> {
  const path = pathOf(address).replace(/^v2\//, 'v2/ext/mcp/v1/');
  const answer = (await client.ask(path, { ...asked, body: { jsonrpc: '2.0', id: 1, method, params } })) as {
    result?: unknown;
    error?: { message: string };
  };
  if (answer.error) throw new GatewayError(answer.error.message, 200, answer);
  return answer.result;
}
