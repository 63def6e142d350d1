using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Api.Tests.Support;

/// <summary>Tells when a gateway begins and ends to handle a request, whatever its client gets of it.</summary>
/// <param name="nth">Which request.</param>
internal sealed class RequestWatch(int nth = 1)
{
    private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _requests;

    public Task Begun => _begun.Task;

    public Task Ended => _ended.Task;

    /// <summary>Adds itself to a gateway.</summary>
    public void Install(IWebHostBuilder host) => host.ConfigureTestServices(services => services.AddSingleton<IStartupFilter>(new FirstMiddleware(http =>
    {
        if (Interlocked.Increment(ref _requests) != nth)
        {
            return;
        }

        http.Response.OnCompleted(() =>
        {
            _ended.SetResult();
            return Task.CompletedTask;
        });
        _begun.SetResult();
    })));
}
