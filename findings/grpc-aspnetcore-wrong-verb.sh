#!/usr/bin/env bash
# Grpc.AspNetCore 2.85.0 beside Minimal APIs: mapping any gRPC service changes what other routes answer. A wrong verb at a path of two segments is
# 404 without an Allow header, where it was 405 with one; paths of three segments keep their 405. The endpoint that says UNIMPLEMENTED for unknown
# services matches every path of two segments and every verb, so routing no longer knows that the verb alone was wrong.
# GrpcServiceOptions.IgnoreUnknownServices = true brings 405 back; unknown services are then 404, which clients of gRPC read as UNIMPLEMENTED.
# Seen with .NET 10: "without gRPC: 405 405, with: 404 405, with and unknown services ignored: 405 405". Exits 1 when that changes.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

cat > verb.csproj <<'XML'
<Project Sdk="Microsoft.NET.Sdk.Web">
  <PropertyGroup><TargetFramework>net10.0</TargetFramework><ImplicitUsings>enable</ImplicitUsings></PropertyGroup>
  <ItemGroup><PackageReference Include="Grpc.AspNetCore.HealthChecks" Version="[2.85.0]" /></ItemGroup>
</Project>
XML
cat > Program.cs <<'CS'
Console.WriteLine(
    $"without gRPC: {await AskAsync(withGrpc: false, ignore: false)}, with: {await AskAsync(withGrpc: true, ignore: false)}, " +
    $"with and unknown services ignored: {await AskAsync(withGrpc: true, ignore: true)}");

// PUT where there is only GET, at paths of two and of three segments.
static async Task<string> AskAsync(bool withGrpc, bool ignore)
{
    var builder = WebApplication.CreateBuilder();
    builder.Logging.ClearProviders();
    builder.WebHost.UseUrls("http://127.0.0.1:0");
    builder.Services.AddGrpc(grpc => grpc.IgnoreUnknownServices = ignore);
    builder.Services.AddGrpcHealthChecks();
    await using var app = builder.Build();
    app.MapGet("/one/two", () => "");
    app.MapGet("/one/two/three", () => "");
    if (withGrpc)
    {
        app.MapGrpcHealthChecksService();
    }

    await app.StartAsync();
    using var client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
    using var two = await client.PutAsync("/one/two", null);
    using var three = await client.PutAsync("/one/two/three", null);
    return $"{(int)two.StatusCode} {(int)three.StatusCode}";
}
CS

seen=$(dotnet run --project verb.csproj -v q | tail -1)
echo "$seen"
[ "$seen" = "without gRPC: 405 405, with: 404 405, with and unknown services ignored: 405 405" ]
