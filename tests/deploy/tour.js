import { execFile } from 'node:child_process';
import { setTimeout as rest } from 'node:timers/promises';
import { promisify } from 'node:util';
import { MAX_INPUTS, newSecret } from './parts.js';
import { path } from './repository.js';

const GRPC_UNAVAILABLE = 14;

// One way through everything that a metric can tell of: each way in, what waits, what is refused, and what fails.

/** Asks until the answer is the one that is waited for; what was changed counts within two seconds. */
async function eventually(what, ask) {
  for (let tries = 0; tries < 100; tries++) {
    if (await ask()) return;
    await rest(100);
  }
  throw new Error(`${what}: not within ten seconds`);
}

const text = (raw) => ({ inputs: [{ data: { text: { raw } } }] });

/** The tour of a gateway. `Tour.begin` makes its tenants. */
export class Tour {
  #gateway;
  #keys = {};

  constructor(gateway) {
    this.#gateway = gateway;
  }

  /** @param pat the token that the upstream takes */
  async begin(pat) {
    await this.#addTenant('acme', { Budgets: { Requests: 1000, PromptTokens: 100000 } }, pat);
    await this.#addTenant('slow', { PatRequestsPerSecond: 5 }, pat);
    await this.#addTenant('refused', {}, newSecret());
  }

  /** Each way in, with answers that are good. */
  async waysIn() {
    const model = '/v2/models/text-generator';
    await this.#ask('acme', '/v2/models/text-sentiment/outputs', text('What a lovely, calm day.'));
    await this.#ask('acme', `${model}/outputs/generate`, text('The lighthouse'));
    await this.#ask('acme', `${model}/methods/predict`, { prompt: 'A boat', max_tokens: 8 });
    await this.#ask('acme', `${model}/methods/predict`, { prompt: 'Another boat', max_tokens: 8 });

    const chat = { model: 'text-generator', max_tokens: 8, messages: [{ role: 'user', content: 'The lighthouse' }] };
    await this.#ask('acme', '/v1/chat/completions', chat);
    await this.#ask('acme', '/v1/chat/completions', { ...chat, stream: true, stream_options: { include_usage: true } });
    await this.#ask('acme', '/v1/embeddings', { model: 'text-embedder', input: ['the tide', 'a boat'] });

    const tools = '/v2/ext/mcp/v1/models/text-generator';
    await this.#ask('acme', tools, { jsonrpc: '2.0', id: 1, method: 'tools/list' });
    await this.#ask('acme', tools, {
      jsonrpc: '2.0',
      id: 2,
      method: 'tools/call',
      params: { name: 'predict', arguments: { prompt: 'A boat' } },
    });

    const { status } = await this.#predictByGrpc();
    if (status?.code !== 10000) throw new Error(`gRPC: ${status?.code}`);
  }

  /** Calls that wait for their token's turn and travel together, once too many for the upstream; and a token that it does not take. */
  async waitsAndRefusals() {
    for (const many of [MAX_INPUTS, 3 * MAX_INPUTS]) {
      const answers = await Promise.all(
        Array.from({ length: many }, (_, one) => this.#post('slow', '/v2/models/text-sentiment/outputs', text(`Day ${one}.`))),
      );
      const failed = answers.find(({ status }) => status !== 200);
      if (failed) throw new Error(`one of ${many}: ${failed.status} ${failed.body}`);
    }

    await this.#post('refused', '/v2/models/text-sentiment/outputs', text('Nobody hears this.'));
    await this.#post('acme', '/v2/models/no-such-model/outputs', text('Nor this.'));
  }

  /** Without the upstream: calls until the gateway says that they have failed. */
  async upstreamGone() {
    await eventually(
      '503 without an upstream',
      async () => (await this.#post('acme', '/v2/models/text-sentiment/outputs', text('Gone.'))).status === 503,
    );
    const { grpc } = await this.#predictByGrpc();
    if (grpc !== GRPC_UNAVAILABLE) throw new Error(`gRPC without an upstream: ${grpc}`);
  }

  async #addTenant(name, settings, pat) {
    const tenants = '/admin/v1/tenants';
    await this.#administrate('POST', tenants, { name, settings });
    await this.#administrate('PUT', `${tenants}/${name}/pats/default`, { token: pat });
    this.#keys[name] = (await this.#administrate('POST', `${tenants}/${name}/keys`, {})).key;
    await eventually(`tenant ${name}`, async () => {
      const answer = await fetch(`${this.#gateway.http}/v2/models`, { headers: this.#key(name) });
      return !(await answer.text()).includes('belongs to no tenant');
    });
  }

  async #administrate(method, resource, body) {
    const headers = { Authorization: `Bearer ${this.#gateway.adminKey}`, 'Content-Type': 'application/json' };
    const answer = await fetch(this.#gateway.admin + resource, { method, headers, body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`${method} ${resource}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  }

  /** @returns what Clarifai's own gRPC client got */
  async #predictByGrpc() {
    const client = [path('tests/foreign/clarifai-grpc-client.js'), this.#gateway.grpc, 'predict', this.#keys.acme];
    return JSON.parse((await promisify(execFile)('node', client)).stdout);
  }

  #key(tenant) {
    return { Authorization: `Bearer ${this.#keys[tenant]}` };
  }

  /** Posts, and reads the answer to its end. */
  async #post(tenant, resource, body) {
    const headers = { ...this.#key(tenant), 'Content-Type': 'application/json', Accept: 'application/json, text/event-stream' };
    const answer = await fetch(this.#gateway.http + resource, { method: 'POST', headers, body: JSON.stringify(body) });
    return { status: answer.status, body: await answer.text() };
  }

  async #ask(tenant, resource, body) {
    const answer = await this.#post(tenant, resource, body);
    if (answer.status !== 200 || /event: error/.test(answer.body)) throw new Error(`${resource}: ${answer.status} ${answer.body}`);
  }
}
