#!/usr/bin/env bash
# Google.Protobuf 3.36.2 (C#) does not count a wrapper (google.protobuf.StringValue and its like) as a level of nesting, where the C++ parser, which
# protoc --decode is, counts it as any message. Of a message in itself C# reads one level more when a wrapper is what is innermost: bytes that C#
# reads and writes are refused by C++. (Both are at their default of 100 levels.)
# Seen with .NET 10: "levels around a message: C# 100, C++ 100; around a wrapper: C# 101, C++ 100". Exits 1 when that changes.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
export NUGET_PACKAGES=$work/packages

cat > node.proto <<'PROTO'
syntax = "proto3";
import "google/protobuf/wrappers.proto";
message Leaf { string value = 1; }
message Node {
  Node child = 1;
  Leaf leaf = 2;
  google.protobuf.StringValue wrapper = 3;
}
PROTO
cat > depth.csproj <<'XML'
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup><OutputType>Exe</OutputType><TargetFramework>net10.0</TargetFramework><ImplicitUsings>enable</ImplicitUsings></PropertyGroup>
  <ItemGroup>
    <PackageReference Include="Google.Protobuf" Version="[3.36.2]" />
    <PackageReference Include="Grpc.Tools" Version="[2.85.0]" />
    <Protobuf Include="node.proto" GrpcServices="None" />
  </ItemGroup>
</Project>
XML
cat > Program.cs <<'CS'
using System.Diagnostics;
using Google.Protobuf;

var protoc = args[0];
var include = args[1];
Console.WriteLine(
    $"levels around a message: C# {Deepest(InCSharp, Leaf)}, C++ {Deepest(InCpp, Leaf)}; " +
    $"around a wrapper: C# {Deepest(InCSharp, Wrapper)}, C++ {Deepest(InCpp, Wrapper)}");

static int Deepest(Func<byte[], bool> reads, Func<Node> innermost) =>
    Enumerable.Range(90, 20).TakeWhile(levels => reads(Nested(levels, innermost()))).Last();

static Node Leaf() => new() { Leaf = new Leaf { Value = "a" } };

static Node Wrapper() => new() { Wrapper = "a" };

static byte[] Nested(int levels, Node innermost)
{
    var node = innermost;
    for (var i = 1; i < levels; i++)
    {
        node = new Node { Child = node };
    }

    return node.ToByteArray();
}

static bool InCSharp(byte[] message)
{
    try
    {
        Node.Parser.ParseFrom(message);
        return true;
    }
    catch (InvalidProtocolBufferException)
    {
        return false;
    }
}

bool InCpp(byte[] message)
{
    using var process = Process.Start(new ProcessStartInfo(protoc, ["--decode=Node", "-I", ".", "-I", include, "node.proto"])
    {
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    })!;
    process.StandardInput.BaseStream.Write(message);
    process.StandardInput.Close();
    process.StandardOutput.ReadToEnd();
    process.WaitForExit();
    return process.ExitCode == 0;
}
CS

dotnet build depth.csproj -v q > build.log || { cat build.log; exit 1; }
tools=$NUGET_PACKAGES/grpc.tools/2.85.0
seen=$(dotnet run --project depth.csproj --no-build -- "$tools/tools/linux_x64/protoc" "$tools/build/native/include" | tail -1)
echo "$seen"
[ "$seen" = "levels around a message: C# 100, C++ 100; around a wrapper: C# 101, C++ 100" ]
