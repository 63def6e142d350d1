using Gateway.Api.Configuration;
using Gateway.Api.Endpoints;
using Gateway.Api.Grpc;
using Gateway.Api.HomeAssistant;
using Gateway.Api.Logging;
using Gateway.Api.Mcp;
using Gateway.Api.Memory;
using Gateway.Api.Methods;
using Gateway.Api.OpenAi;
using Gateway.Api.OpenApi;
using Gateway.Api.Requests;
using Gateway.Api.Startup;

return await GatewayRun.RunAsync(() =>
{
    var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = ContentRoot.Choose() });
    SettingsWatch.AddTo(builder);
    builder.Configuration.AddClarifaiEnvironment();
    var settings = GatewaySettings.Read(builder.Configuration);
    builder.AddGatewayLogging(settings.LogFormat);
    builder.AddGatewayServer(settings);
    builder.Services.AddGateway(settings);
    builder.Services.AddGrpcFront();
    builder.Services.AddOpenApiDocument();

    var app = builder.Build();
    app.UseRequestId();
    app.UseMiddleware<RequestLog>();
    app.UseProxies();
    app.UseOpenAiPaths();
    app.UseMiddleware<HeadRequests>();
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
    return app;
});

/// <summary>The program; named so that tests can start it.</summary>
public partial class Program;
