#!/usr/bin/env bash
# Grpc.Net.Client 2.85.0: when a server ends a two-way call with OK while the client still has messages, the client's next
# RequestStream.WriteAsync throws an RpcException whose status is OK. Code that reports the status of what it catches reports success;
# code that retries on everything but OK stops silently.
# Seen with .NET 10: "write threw RpcException: OK". Exits 1 when that changes.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

cat > ok.csproj <<'XML'
<Project Sdk="Microsoft.NET.Sdk.Web">
  <PropertyGroup><TargetFramework>net10.0</TargetFramework><ImplicitUsings>enable</ImplicitUsings></PropertyGroup>
  <ItemGroup>
    <PackageReference Include="Grpc.AspNetCore" Version="[2.85.0]" />
    <PackageReference Include="Grpc.Net.Client" Version="[2.85.0]" />
  </ItemGroup>
</Project>
XML
cat > Program.cs <<'CS'
using Grpc.AspNetCore.Server.Model;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Server.Kestrel.Core;

var builder = WebApplication.CreateBuilder();
builder.Logging.ClearProviders();
builder.WebHost.UseUrls("http://127.0.0.1:0").ConfigureKestrel(server => server.ConfigureEndpointDefaults(listen => listen.Protocols = HttpProtocols.Http2));
builder.Services.AddGrpc();
builder.Services.AddSingleton<IServiceMethodProvider<Service>, Methods>();
await using var app = builder.Build();
app.MapGrpcService<Service>();
await app.StartAsync();

using var channel = GrpcChannel.ForAddress(app.Urls.Single());
using var call = channel.CreateCallInvoker().AsyncDuplexStreamingCall(Methods.Talk, null, new CallOptions());
await call.RequestStream.WriteAsync([1]);
while (await call.ResponseStream.MoveNext(default))
{
}

try
{
    await call.RequestStream.WriteAsync([2]);
    Console.WriteLine("write went through");
}
catch (RpcException exception)
{
    Console.WriteLine($"write threw RpcException: {exception.StatusCode}");
}

public sealed class Service;

/// <summary>One method, which reads one message and ends with OK.</summary>
public sealed class Methods : IServiceMethodProvider<Service>
{
    private static readonly Marshaller<byte[]> Bytes = Marshallers.Create<byte[]>(bytes => bytes, bytes => bytes);

    public static readonly Method<byte[], byte[]> Talk = new(MethodType.DuplexStreaming, "finding.Service", "Talk", Bytes, Bytes);

    public void OnServiceMethodDiscovery(ServiceMethodProviderContext<Service> context) =>
        context.AddDuplexStreamingMethod(Talk, [], async (_, requests, _, _) => await requests.MoveNext(default));
}
CS

seen=$(dotnet run --project ok.csproj -v q | tail -1)
echo "$seen"
[ "$seen" = "write threw RpcException: OK" ]
