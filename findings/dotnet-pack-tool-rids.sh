#!/usr/bin/env bash
# .NET SDK 10.0.401: a .NET tool (PackAsTool) whose project names RuntimeIdentifiers, as for publishing, and says CreateRidSpecificToolPackages=false is
# packed without its program. The package sends to one for each of the RuntimeIdentifiers (NAME.linux-x64), which nobody has made, and
# `dotnet tool install` fails. Without RuntimeIdentifiers while packing, the package holds the program for every platform.
# Seen: "with RuntimeIdentifiers: 0 programs, without while packing: 1". Exits 1 when that changes.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

cat > tool.csproj <<'XML'
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <OutputType>Exe</OutputType>
    <TargetFramework>net10.0</TargetFramework>
    <RuntimeIdentifiers Condition="'$(Without)' == '' or '$(MSBuildIsRestoring)' == 'true'">linux-x64;linux-arm64</RuntimeIdentifiers>
    <PackAsTool>true</PackAsTool>
    <CreateRidSpecificToolPackages>false</CreateRidSpecificToolPackages>
  </PropertyGroup>
</Project>
XML
echo 'System.Console.WriteLine();' > Program.cs

programs() { # OPTION...: how many programs the package holds
  rm -rf bin obj packages
  dotnet pack -o packages -v quiet "$@" >log 2>&1 || { cat log; exit 1; }
  python3 -c 'import sys, zipfile; print(sum(name.endswith("/tool.dll") for name in zipfile.ZipFile(sys.argv[1]).namelist()))' packages/*.nupkg
}

seen="with RuntimeIdentifiers: $(programs) programs, without while packing: $(programs -p:Without=true)"
echo "$seen"
[ "$seen" = "with RuntimeIdentifiers: 0 programs, without while packing: 1" ]
