#!/usr/bin/env bash
# orval 7.13.2, its fetch client: where an operation takes JSON or an image, the function that it generates takes either ("Pet | Blob") and makes JSON text of
# both. A picture that type-checks arrives as the two characters `{}`.
# Seen with Node.js 20: "a picture of 3 bytes is sent as {}". Exits 1 when that changes.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --no-audit --no-fund --ignore-scripts --silent orval@7.13.2 esbuild@0.25.12 typescript@5.9.3
cat >pets.json <<'JSON'
{"openapi": "3.0.3", "info": {"title": "Pets", "version": "1"}, "servers": [{"url": "https://pets.example.com"}],
 "paths": {"/pets": {"post": {"operationId": "addPet",
   "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Pet"}}, "image/png": {"schema": {"type": "string", "format": "binary"}}}},
   "responses": {"204": {"description": "Added."}}}}},
 "components": {"schemas": {"Pet": {"type": "object", "properties": {"name": {"type": "string"}}}}}}
JSON
cat >generate.mjs <<'JS'
import orval from 'orval';
await orval.generate({ input: { target: 'pets.json' }, output: { target: 'generated.ts', client: 'fetch', baseUrl: 'https://pets.example.com' } });
JS
DO_NOT_TRACK=1 node generate.mjs >/dev/null
cat >client.ts <<'TS'
import { addPet } from './generated';
globalThis.fetch = async (_: any, init: any) => {
  console.log(`a picture of 3 bytes is sent as ${init.body}`);
  return new Response(null, { status: 204 });
};
const picture: Blob = new Blob([new Uint8Array(3)], { type: 'image/png' });
await addPet(picture);
TS
npx tsc --noEmit --strict --skipLibCheck --target es2022 --module esnext --moduleResolution bundler --lib es2022,dom client.ts
npx esbuild client.ts --bundle --platform=node --format=esm --outfile=client.mjs --log-level=error
seen=$(node client.mjs)
echo "$seen"
[ "$seen" = "a picture of 3 bytes is sent as {}" ]
