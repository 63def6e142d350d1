using System.Text;
using Clarifai.Api;
using Gateway.Bench.Workloads;
using Grpc.Core;
using Task = System.Threading.Tasks.Task;

namespace Gateway.Bench.Peers;

/// <summary>
/// What one would write in an afternoon: the generated client on the official gRPC client as its factory makes it, Google's parser and formatter
/// between strings and message objects.
/// </summary>
public static class TypedGateway
{
    public static async Task RunAsync(string[] args, Uri upstream)
    {
        var builder = PeerHost.CreateBuilder(args);
        builder.Services.AddGrpcClient<V2.V2Client>(client => client.Address = upstream);
        await using var app = builder.Build();
        app.MapPost("/v2/models/{model_id}/outputs", CallAsync);
        app.MapPost("/v2/users/{user_id}/apps/{app_id}/models/{model_id}/outputs/generate", StreamAsync);
        await app.RunAsync();
    }

    private static async Task CallAsync(HttpContext http, V2.V2Client client, string model_id)
    {
        var request = await ReadAsync(http, model_id);
        var response = await client.PostModelOutputsAsync(request, PeerHost.CallOptions(http.RequestAborted));
        http.Response.ContentType = "application/json";
        await http.Response.WriteAsync(ApiJson.Formatter.Format(response));
    }

    private static async Task StreamAsync(HttpContext http, V2.V2Client client, string user_id, string app_id, string model_id)
    {
        var request = await ReadAsync(http, model_id);
        request.UserAppId = new UserAppIDSet { UserId = user_id, AppId = app_id };
        http.Response.ContentType = "text/event-stream";
        using var call = client.GenerateModelOutputs(request, PeerHost.CallOptions(http.RequestAborted));
        await foreach (var message in call.ResponseStream.ReadAllAsync())
        {
            await http.Response.WriteAsync($"data: {ApiJson.Formatter.Format(message)}\n\n");
        }

        await http.Response.WriteAsync("event: done\ndata: {}\n\n");
    }

    private static async Task<PostModelOutputsRequest> ReadAsync(HttpContext http, string model)
    {
        using var reader = new StreamReader(http.Request.Body, Encoding.UTF8);
        var request = ApiJson.Parser.Parse<PostModelOutputsRequest>(await reader.ReadToEndAsync());
        request.ModelId = model;
        return request;
    }
}
