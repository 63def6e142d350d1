using System.Text;
using Clarifai.Api;
using Gateway.Bench.Workloads;
using Task = System.Threading.Tasks.Task;

namespace Gateway.Bench.Peers;

/// <summary>What one would write in an afternoon: Google's parser and formatter between strings and message objects.</summary>
public static class GoogleGateway
{
    public static async Task RunAsync(string[] args, Uri upstream)
    {
        await using WebApplication app = PeerHost.Create(args);
        using var client = new PlainGrpcClient(upstream);
        app.MapPost("/v2/models/{model_id}/outputs", (HttpContext http, string model_id) => CallAsync(http, client, model_id));
        app.MapPost(
            "/v2/users/{user_id}/apps/{app_id}/models/{model_id}/outputs/generate",
            (HttpContext http, string user_id, string app_id, string model_id) => StreamAsync(http, client, new UserAppIDSet { UserId = user_id, AppId = app_id }, model_id));
        await app.RunAsync();
    }

    private static async Task CallAsync(HttpContext http, PlainGrpcClient client, string model)
    {
        PostModelOutputsRequest request = await ReadAsync(http, model);
        MultiOutputResponse response = await client.CallAsync(
            "/clarifai.api.V2/PostModelOutputs", request, MultiOutputResponse.Parser, http.TraceIdentifier, http.RequestAborted);
        http.Response.ContentType = "application/json";
        await http.Response.WriteAsync(ApiJson.Formatter.Format(response));
    }

    private static async Task StreamAsync(HttpContext http, PlainGrpcClient client, UserAppIDSet userApp, string model)
    {
        PostModelOutputsRequest request = await ReadAsync(http, model);
        request.UserAppId = userApp;
        http.Response.ContentType = "text/event-stream";
        await foreach (MultiOutputResponse message in client.StreamAsync(
            "/clarifai.api.V2/GenerateModelOutputs", request, MultiOutputResponse.Parser, http.TraceIdentifier, http.RequestAborted))
        {
            await http.Response.WriteAsync($"data: {ApiJson.Formatter.Format(message)}\n\n");
        }

        await http.Response.WriteAsync("event: done\ndata: {}\n\n");
    }

    private static async Task<PostModelOutputsRequest> ReadAsync(HttpContext http, string model)
    {
        using var reader = new StreamReader(http.Request.Body, Encoding.UTF8);
        PostModelOutputsRequest request = ApiJson.Parser.Parse<PostModelOutputsRequest>(await reader.ReadToEndAsync());
        request.ModelId = model;
        return request;
    }
}
