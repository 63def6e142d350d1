# docker build -t clarifai-gateway .

# The console: Node.js is needed to build it, and nowhere else.
FROM node:22-slim AS console
WORKDIR /source/src/Gateway.Console
COPY src/Gateway.Console/package.json src/Gateway.Console/package-lock.json src/Gateway.Console/.npmrc ./
RUN npm ci
COPY src/Gateway.Console ./
COPY src/Gateway.Api/Faces/Methods/Snippets ../Gateway.Api/Faces/Methods/Snippets
RUN node build.mjs

FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
ARG TARGETARCH
WORKDIR /source

# What restore reads, alone, so that its layer stays until a dependency changes.
COPY global.json Directory.Build.props Directory.Packages.props ./
COPY protos/Gateway.Protos.csproj protos/packages.lock.json protos/
COPY src/Gateway.Core/Gateway.Core.csproj src/Gateway.Core/packages.lock.json src/Gateway.Core/
COPY src/Gateway.Sandbox/Gateway.Sandbox.csproj src/Gateway.Sandbox/packages.lock.json src/Gateway.Sandbox/
COPY src/Gateway.Store/Gateway.Store.csproj src/Gateway.Store/packages.lock.json src/Gateway.Store/
COPY src/Gateway.Api/Gateway.Api.csproj src/Gateway.Api/packages.lock.json src/Gateway.Api/
COPY src/Gateway.Console/Gateway.Console.targets src/Gateway.Console/
RUN dotnet restore src/Gateway.Api --locked-mode --arch $TARGETARCH

COPY . .
COPY --from=console /source/src/Gateway.Console/dist src/Gateway.Console/dist
# For one processor, with machine code: half of a start is compiling else.
RUN dotnet publish src/Gateway.Api --no-restore --arch $TARGETARCH -p:PublishProfile=folder -o /app

FROM mcr.microsoft.com/dotnet/aspnet:10.0
LABEL org.opencontainers.image.title="clarifai-gateway" org.opencontainers.image.version="0.1.0"
# Where a store in a file and a master key can be: a volume there belongs to the user below.
RUN install -d -m 0750 -o $APP_UID -g $APP_UID /var/lib/gateway
WORKDIR /app
COPY --from=build /app ./

# The base image's own user without rights.
USER $APP_UID
ENV ASPNETCORE_HTTP_PORTS=8080 Gateway__Grpc__Url=http://*:8081
EXPOSE 8080 8081

# The base image has no curl; its bash can open a socket.
HEALTHCHECK --interval=10s --timeout=5s --start-period=15s --retries=3 CMD ["bash", "-c", \
  "exec 3<>/dev/tcp/127.0.0.1/8080 && printf 'GET /healthz/ready HTTP/1.0\\r\\n\\r\\n' >&3 && head -n 1 <&3 | grep -q ' 200 '"]

# From any working directory: appsettings.json is read there.
ENTRYPOINT ["dotnet", "/app/Gateway.Api.dll"]
