#!/usr/bin/env bash
# swagger-typescript-api 13.13.0 takes the server `/`, which is OpenAPI's own default ("servers" left out means "/"), for the front of every path as it is: the
# client that it generates asks for `//pets`, which is a host to whoever resolves it. Left out, the same document gives a client that asks for `/pets`.
# Seen with Node.js 20: "server left out: /pets; server /: //pets". Exits 1 when that changes.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --no-audit --no-fund --ignore-scripts --silent swagger-typescript-api@13.13.0 esbuild@0.25.12

document() { # MEMBER: the document, with that besides
  cat <<JSON
{"openapi": "3.0.3", "info": {"title": "Pets", "version": "1"}, $1
 "paths": {"/pets": {"get": {"operationId": "listPets", "responses": {"200": {"description": "All.", "content": {"application/json": {"schema": {"type": "array", "items": {"type": "string"}}}}}}}}}}
JSON
}

asked() { # MEMBER: what a client of the document asks for
  document "$1" >pets.json
  npx swagger-typescript-api generate -p pets.json -o . -n generated.ts >/dev/null 2>&1
  cat >client.ts <<'TS'
import { Api } from './generated';
const api = new Api({ customFetch: async (input: any) => { console.log(String(input)); return new Response('[]', { headers: { 'content-type': 'application/json' } }); } } as any);
await (api as any).pets.listPets();
TS
  npx esbuild client.ts --bundle --platform=node --format=esm --outfile=client.mjs --log-level=error
  node client.mjs
}

seen="server left out: $(asked ''); server /: $(asked '"servers": [{"url": "/"}],')"
echo "$seen"
[ "$seen" = "server left out: /pets; server /: //pets" ]
