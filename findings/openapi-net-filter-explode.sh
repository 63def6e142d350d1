#!/usr/bin/env bash
# Microsoft.OpenApi 2.13.0 for .NET: OpenApiFilterService.CreateFilteredDocument, which cuts a document down to some of its operations, changes what their
# query parameters mean. Of style "form", which is the default, a list is sent as tag=a&tag=b unless the document says otherwise (OpenAPI 3.1, 4.8.12.2.2);
# after filtering it says otherwise: "explode": false, tag=a,b. It does so in the document that was given, too, which writes it from then on.
# Reported in 2023 (microsoft/OpenAPI.NET, issue 1362). Seen with .NET 10: "before: none, part: false, given: false". Exits 1 when that changes.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

cat > filter.csproj <<'XML'
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup><OutputType>Exe</OutputType><TargetFramework>net10.0</TargetFramework><ImplicitUsings>enable</ImplicitUsings></PropertyGroup>
  <ItemGroup><PackageReference Include="Microsoft.OpenApi" Version="[2.13.0]" /></ItemGroup>
</Project>
XML
cat > shop.json <<'JSON'
{
  "openapi": "3.1.1",
  "info": { "title": "Shop", "version": "1" },
  "paths": {
    "/orders": {
      "get": {
        "operationId": "listOrders",
        "parameters": [{ "name": "tag", "in": "query", "schema": { "type": "array", "items": { "type": "string" } } }],
        "responses": { "200": { "description": "All." } }
      }
    }
  }
}
JSON
cat > Program.cs <<'CS'
using System.Text.Json.Nodes;
using Microsoft.OpenApi;

static string Explode(OpenApiDocument document)
{
    var text = new StringWriter();
    document.SerializeAs(OpenApiSpecVersion.OpenApi3_1, new OpenApiJsonWriter(text));
    return JsonNode.Parse(text.ToString())!["paths"]!["/orders"]!["get"]!["parameters"]![0]!["explode"]?.ToJsonString() ?? "none";
}

var document = OpenApiDocument.Parse(File.ReadAllText("shop.json"), "json").Document!;
var before = Explode(document);
var part = OpenApiFilterService.CreateFilteredDocument(document, (_, _, operation) => operation.OperationId == "listOrders");
Console.WriteLine($"before: {before}, part: {Explode(part)}, given: {Explode(document)}");
CS

seen=$(dotnet run --project filter.csproj -v q | tail -1)
echo "$seen"
[ "$seen" = "before: none, part: false, given: false" ]
