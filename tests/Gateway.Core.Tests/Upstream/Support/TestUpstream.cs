using System.Collections.Concurrent;
using Gateway.Testing;
using Gateway.Testing.Grpc;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;

namespace Gateway.Core.Tests.Upstream.Support;

/// <summary>A gRPC server that answers every call as the test says, and breaks connections when it is to be dead.</summary>
internal sealed class TestUpstream : IAsyncDisposable
{
    private readonly ConcurrentQueue<IConnectionLifetimeFeature> _connections = new();
    private TestServer? _server;
    private int _calls;

    private TestUpstream()
    {
    }

    public Uri Address => _server!.Address;

    /// <summary>How many calls came, those of a dead server included.</summary>
    public int Calls => Volatile.Read(ref _calls);

    /// <summary>Whether every call's connection is broken.</summary>
    public bool IsDead { get; set; }

    /// <summary>Starts one that answers by the number of the call, from 1.</summary>
    public static async Task<TestUpstream> StartAsync(Func<int, GrpcServerCall, Task<GrpcStatus>> answer)
    {
        var upstream = new TestUpstream();
        upstream._server = await TestServer.StartAsync(app =>
        {
            app.Use((http, next) =>
            {
                // Counted last: a test that has seen the call may break its connection.
                upstream._connections.Enqueue(http.Features.GetRequiredFeature<IConnectionLifetimeFeature>());
                Interlocked.Increment(ref upstream._calls);
                if (!upstream.IsDead)
                {
                    return next(http);
                }

                upstream.BreakConnections();
                return Task.CompletedTask;
            });
            app.UseRouting();
            app.MapAnyMethod();
        }, services: services => services.AddAnyMethod(call => answer(upstream.Calls, call)));
        return upstream;
    }

    /// <summary>Starts one that answers the first calls so, in order, and the last of them to all further ones.</summary>
    public static Task<TestUpstream> StartAsync(params Func<GrpcServerCall, Task<GrpcStatus>>[] answers) =>
        StartAsync((number, call) => answers[Math.Min(number, answers.Length) - 1](call));

    /// <summary>Breaks the connections of all calls so far.</summary>
    public void BreakConnections()
    {
        while (_connections.TryDequeue(out var connection))
        {
            connection.Abort();
        }
    }

    public ValueTask DisposeAsync() => _server!.DisposeAsync();
}
