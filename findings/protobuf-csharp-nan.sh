#!/usr/bin/env bash
# Google.Protobuf 3.36.2 for C#: NaN read from JSON goes to the wire with the sign bit set. Python, Go, Java and C++ write 7fc00000 and
# 7ff8000000000000, .NET's own NaN is ffc00000 and fff8000000000000, and the JSON parser takes that. Messages that mean the same differ byte by
# byte, and so does everything that hashes, caches or compares their bytes.
# Seen with .NET 10: "float 0d0000c0ff, double 09000000000000f8ff". Exits 1 when that changes.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

cat > nan.csproj <<'XML'
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup><OutputType>Exe</OutputType><TargetFramework>net10.0</TargetFramework><ImplicitUsings>enable</ImplicitUsings></PropertyGroup>
  <ItemGroup><PackageReference Include="Google.Protobuf" Version="[3.36.2]" /></ItemGroup>
</Project>
XML
cat > Program.cs <<'CS'
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

static string Wire(IMessage message) => Convert.ToHexStringLower(message.ToByteArray());

Console.WriteLine($"float {Wire(JsonParser.Default.Parse<FloatValue>("\"NaN\""))}, double {Wire(JsonParser.Default.Parse<DoubleValue>("\"NaN\""))}");
CS

seen=$(dotnet run --project nan.csproj -v q | tail -1)
echo "$seen"
[ "$seen" = "float 0d0000c0ff, double 09000000000000f8ff" ]
