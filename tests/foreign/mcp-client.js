// MCP's official client: lists a server's tools, and calls one. mcp-client.js <url> <tool> <arguments as JSON>
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';

const [url, tool, args] = process.argv.slice(2);
const client = new Client({ name: 'gateway-tests', version: '1.0.0' });
await client.connect(new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers: { Authorization: 'Bearer client-key' } } }));

const { tools } = await client.listTools();
const progress = [];
const result = await client.callTool({ name: tool, arguments: JSON.parse(args) }, undefined, { onprogress: (told) => progress.push(told.message) });
console.log(JSON.stringify({ server: client.getServerVersion(), tools: tools.map((each) => each.name), result, progress }));
await client.close();
