using Clarifai.Api;
using Grpc.AspNetCore.Server.Model;
using Grpc.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Task = System.Threading.Tasks.Task;

namespace Gateway.Bench.Upstream;

/// <summary>
/// A gRPC server by <c>Grpc.AspNetCore</c> of methods that neither parse nor copy a message. As lean as Kestrel goes: the upstream must not be
/// what peers wait for.
/// </summary>
public sealed class RawServer : IAsyncDisposable
{
    private const int StreamWindow = 1024 * 1024;
    private const int ConnectionWindow = 16 * 1024 * 1024;

    private readonly WebApplication _app;

    private RawServer(WebApplication app) => _app = app;

    public Uri Address => new(_app.Urls.First());

    /// <summary>Starts listening on a free port.</summary>
    /// <param name="isInline">Whether requests are served on the threads that read them: leaner, for methods that never wait.</param>
    /// <param name="methods">What is served.</param>
    public static async Task<RawServer> StartAsync(bool isInline, params RawMethod[] methods)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0").ConfigureKestrel(server =>
        {
            server.ConfigureEndpointDefaults(listen => listen.Protocols = HttpProtocols.Http2);
            server.Limits.MaxRequestBodySize = null;
            server.Limits.Http2.InitialStreamWindowSize = StreamWindow;
            server.Limits.Http2.InitialConnectionWindowSize = ConnectionWindow;
        });
        builder.WebHost.UseSockets(sockets => sockets.UnsafePreferInlineScheduling = isInline);
        builder.Services.AddGrpc(grpc =>
        {
            grpc.IgnoreUnknownServices = true;
            grpc.MaxReceiveMessageSize = null;
        });
        builder.Services.AddSingleton<Service>();
        builder.Services.AddSingleton<IServiceMethodProvider<Service>>(new Methods(methods));
        var app = builder.Build();
        app.MapGrpcService<Service>();
        await app.StartAsync();
        return new RawServer(app);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private sealed class Service;

    private sealed class Methods(RawMethod[] methods) : IServiceMethodProvider<Service>
    {
        private static readonly Marshaller<byte[]> Responses = Marshallers.Create<byte[]>(
            (bytes, context) => context.Complete(bytes), _ => throw new NotSupportedException("Responses are only sent."));

        public void OnServiceMethodDiscovery(ServiceMethodProviderContext<Service> context)
        {
            foreach (var method in methods)
            {
                Add(context, method);
            }
        }

        // A request's bytes are there only while the marshaller runs: it is what looks at them, and a "request" is what is to be answered.
        private static void Add(ServiceMethodProviderContext<Service> context, RawMethod served)
        {
            var requests = Marshallers.Create<IReadOnlyList<byte[]>>(
                (_, _) => throw new NotSupportedException("Requests are only received."), request => served.Answers(request.PayloadAsReadOnlySequence()));
            var type = served.IsStream ? MethodType.ServerStreaming : MethodType.Unary;
            var method = new Method<IReadOnlyList<byte[]>, byte[]>(type, V2.Descriptor.FullName, served.Name, requests, Responses);
            if (served.IsStream)
            {
                context.AddServerStreamingMethod(method, [], (_, answers, output, call) => StreamAsync(served, answers, output, call));
            }
            else
            {
                context.AddUnaryMethod(method, [], (_, answers, _) => Task.FromResult(answers[0]));
            }
        }

        private static async Task StreamAsync(RawMethod served, IReadOnlyList<byte[]> answers, IServerStreamWriter<byte[]> output, ServerCallContext call)
        {
            for (var i = 0; i < answers.Count; i++)
            {
                await output.WriteAsync(answers[i]);
            }

            if (served.Rest is { } rest)
            {
                await rest(call);
            }
        }
    }
}
