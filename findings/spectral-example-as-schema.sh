#!/usr/bin/env bash
# Spectral 6.16.3, its OpenAPI rules: an example that is an object with members `type` and `default`, as a description of a setting is, is taken for a schema, and
# its `default` is checked against its `type`. The example fits its own schema; without either of the two members nothing is found.
# Seen with Node.js 20: "with both: oas3-valid-schema-example; without default: none". Exits 1 when that changes.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --no-audit --no-fund --ignore-scripts --silent @stoplight/spectral-cli@6.16.3
echo 'extends: ["spectral:oas"]' >rules.yaml

found() { # EXAMPLE: the errors in a document whose answer has that example
  cat >settings.json <<JSON
{"openapi": "3.1.0", "info": {"title": "Settings", "version": "1", "contact": {"name": "x"}}, "servers": [{"url": "https://api.example.com"}], "tags": [],
 "paths": {"/setting": {"get": {"operationId": "get", "description": "One.", "responses": {"200": {"description": "It.", "content": {"application/json": {
   "schema": {"type": "object", "properties": {"name": {"type": "string"}, "type": {"type": "string"}, "default": {"type": "string"}}}, "example": $1}}}}}}}}
JSON
  node node_modules/@stoplight/spectral-cli/dist/index.js lint --quiet --ruleset rules.yaml --format json --display-only-failures --fail-severity error settings.json 2>/dev/null \
    | node -e 'const found = JSON.parse(require("fs").readFileSync(0, "utf8")).filter((one) => one.severity === 0).map((one) => one.code); console.log([...new Set(found)].join(" ") || "none")' || true
}

seen="with both: $(found '{"name": "size", "type": "integer", "default": "small"}'); without default: $(found '{"name": "size", "type": "integer"}')"
echo "$seen"
[ "$seen" = "with both: oas3-valid-schema-example; without default: none" ]
