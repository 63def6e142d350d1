using Microsoft.AspNetCore.Connections;

namespace Gateway.Api.Startup;

/// <summary>The life of the process.</summary>
public static class GatewayRun
{
    /// <summary>Runs until the process is told to stop.</summary>
    /// <returns>The exit code: 1 when an address to listen at is taken, which the last line on standard error then names.</returns>
    public static async Task<int> RunGatewayAsync(this WebApplication app)
    {
        try
        {
            await app.RunAsync();
            return 0;
        }
        catch (IOException failure) when (failure.InnerException is AddressInUseException)
        {
            // The server's own sentence, which holds the address and nothing else.
            await Console.Error.WriteLineAsync(
                $"{failure.Message} The gateway listens where --urls (or ASPNETCORE_URLS) says, and where Gateway:Grpc:Url says, which may be empty.");
            return 1;
        }
    }
}
