using Gateway.Api.Commands;
using Gateway.Api.Faces.Admin;
using Gateway.Api.Faces.Grpc;
using Gateway.Api.Faces.HomeAssistant;
using Gateway.Api.Faces.Mcp;
using Gateway.Api.Faces.Methods;
using Gateway.Api.Faces.OpenAi;
using Gateway.Api.Faces.Rest;
using Gateway.Api.Hosting;
using Gateway.Api.Http;
using Gateway.Api.Lifetime;
using Gateway.Api.Logging;
using Gateway.Api.Memory;
using Gateway.Api.OpenApi;
using Gateway.Api.WebConsole;

return CommandLine.IsCommand(args)
    ? await CommandLine.RunAsync(args, Build)
    : await GatewayRun.RunAsync(args, arguments => Build(arguments, _ => { }));

static WebApplication Build(string[] arguments, Action<WebApplicationBuilder> change)
{
    var builder = GatewaySettings.CreateBuilder(arguments);
    var settings = GatewaySettings.Read(builder.Configuration);
    builder.AddGatewayLogging(settings.LogFormat);
    builder.AddGatewayServer(settings);
    builder.Services.AddGateway(settings);
    builder.AddGatewayTelemetry(settings.Telemetry);
    change(builder);

    var app = builder.Build();
    app.UseDrain();
    app.UseRequestId();
    app.UseMiddleware<RequestLog>();
    app.UseAdmin();
    app.UseProxies();
    app.UseOpenAiPaths();
    app.UseMiddleware<HeadRequests>();
    app.UseMiddleware<LastLine>();
    app.UseRouting();
    app.UseMiddleware<HostNames>();
    app.UseCrossOrigin();
    app.RefuseDotSegments();
    app.UseMiddleware<UnmatchedRequests>();
    app.UseMiddleware<SteadyBodies>();
    app.UseMiddleware<EncodedBodies>();
    app.UseMiddleware<MeteredRequests>();
    app.UseGrpcFront();
    app.MapClarifaiApi();
    app.MapMethods();
    app.MapOpenAi();
    app.MapMcp();
    app.MapHomeAssistant();
    app.MapGrpcFront();
    app.MapOpenApiDocument();
    app.MapHealth();
    app.MapConsole();
    return app;
}

/// <summary>The program; named so that tests can start it.</summary>
public partial class Program;
