using System.CommandLine;
using Gateway.Api.Hosting;
using Gateway.Api.Stored;
using Gateway.Store;

namespace Gateway.Api.Commands;

/// <summary>
/// The store that the settings name, for one command: of the same file, environment and arguments as a start has. It is worked on as it is,
/// whether a gateway runs on it or not.
/// </summary>
internal sealed class StoreClient : IAsyncDisposable
{
    private readonly GatewayStore _store;

    private StoreClient(GatewayStore store, StoreAdministration administration, bool isNew) =>
        (_store, Administration, IsNew) = (store, administration, isNew);

    /// <summary>What can be done.</summary>
    public StoreAdministration Administration { get; }

    /// <summary>Whether the store was not there before.</summary>
    public bool IsNew { get; }

    /// <summary>Opens it.</summary>
    /// <param name="settings">Settings of the command line.</param>
    /// <param name="mayCreate">Whether a file that is not there is made: who asks what is in it has probably mistaken the folder.</param>
    /// <exception cref="CommandFault">It cannot be used.</exception>
    public static async Task<StoreClient> OpenAsync(string[] settings, bool mayCreate, CancellationToken cancellationToken)
    {
        try
        {
            var options = GatewaySettings.Read(GatewaySettings.CreateBuilder(settings).Configuration);
            var connection = options.Store.ToConnection();
            var isNew = connection.ConnectionString is null && !File.Exists(connection.Path);
            if (isNew && !mayCreate)
            {
                throw new CommandFault(
                    "There is no store yet, where Gateway:Store says: gateway tenant add NAME makes it, with a first tenant in it.");
            }

            var store = await GatewayStore.OpenAsync(connection, TimeProvider.System, cancellationToken);
            var administration = new StoreAdministration(
                store, options.Tenants.Keys, TimeProvider.System, $"command line of {Environment.UserName}");
            return new StoreClient(store, administration, isNew);
        }
        catch (Exception failure) when (failure is not (OperationCanceledException or CommandFault)
            && StartFault.Describe(failure) is not null)
        {
            throw new CommandFault(StartFault.Describe(failure)!);
        }
    }

    /// <summary>Makes a command do something with the store.</summary>
    /// <param name="command">The command.</param>
    /// <param name="settings">Settings of the command line.</param>
    /// <param name="act">What it does.</param>
    /// <param name="mayCreate">Whether it makes a store that is not there.</param>
    public static void SetAction(
        Command command, string[] settings, Func<ParseResult, StoreClient, CancellationToken, Task> act, bool mayCreate = false) =>
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var client = await OpenAsync(settings, mayCreate, cancellationToken);
            try
            {
                await act(parsed, client, cancellationToken);
            }
            catch (StoreException failure)
            {
                throw new CommandFault(failure.Message);
            }
        });

    /// <summary>What an operation came to.</summary>
    /// <exception cref="CommandFault">It was not done.</exception>
    public static T Done<T>(OperationResult<T> result)
        where T : class => result.Fault switch
        {
            null => result.Value!,
            { Kind: OperationFaultKind.Invalid } fault => throw new CommandFault(fault.Sentence, Arguments.ExitCode),
            { } fault => throw new CommandFault(fault.Sentence),
        };

    /// <summary>Closes it.</summary>
    public ValueTask DisposeAsync() => _store.DisposeAsync();
}
