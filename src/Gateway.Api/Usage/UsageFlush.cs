using System.Globalization;
using System.Security.Cryptography;
using Gateway.Store;
using Gateway.Store.Usage;

namespace Gateway.Api.Usage;

/// <summary>
/// Brings what is used to the <see cref="IUsageSink"/>, twice a second: a crash loses no more than that. A batch of which nobody knows
/// whether it arrived comes again as it was, before any other, so that nothing is counted twice or left out.
/// </summary>
internal sealed partial class UsageFlush(UsageBook book, IUsageSink sink, TimeProvider time, ILogger<UsageFlush> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    // What a replica that is gone has held is free again after some intervals that it could have missed by load alone.
    private static readonly TimeSpan HoldLifetime = TimeSpan.FromSeconds(5);

    // How long a start waits to hear how budgets stand.
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(5);

    // The time for open requests may be used up by then, and what they used is still to be brought.
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(1);

    private readonly string _replica = Convert.ToHexString(RandomNumberGenerator.GetBytes(16)).ToLower(CultureInfo.InvariantCulture);
    private readonly SemaphoreSlim _turn = new(1, 1);
    private UsageBatch? _batch; // handed on, and not known to have arrived
    private long _sequence;
    private bool _hasClaimed;
    private bool _isDown;

    /// <summary>Asks how budgets stand before the first call can come.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(StartLimit);
        try
        {
            await TryFlushAsync(limit.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            LogDown();
        }

        await base.StartAsync(cancellationToken);
    }

    /// <summary>Brings the last, too, and gives back what is held of budgets.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        using var limit = new CancellationTokenSource(StopLimit, time);
        try
        {
            await FlushAsync([], limit.Token);
        }
        catch (Exception exception) when (exception is StoreException or OperationCanceledException)
        {
            LogLost();
        }
    }

    /// <summary>Brings what was used so far.</summary>
    /// <exception cref="StoreException">It is not known to have arrived, and will be brought again.</exception>
    public Task FlushAsync(CancellationToken cancellationToken) => FlushAsync(null, cancellationToken);

    // Claims are those of the book, unless there are others.
    private async Task FlushAsync(List<BudgetClaim>? claims, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            _batch ??= new UsageBatch(_replica, ++_sequence, book.Send(), [], HoldLifetime);
            var batch = _batch with { Claims = claims ?? book.Claim() };
            if (_hasClaimed || batch.Records.Count + batch.Claims.Count > 0)
            {
                book.Arrive(await sink.ExchangeAsync(batch, cancellationToken));
                _hasClaimed = batch.Claims.Count > 0; // with none, the next gives all back
            }

            _batch = null;
        }
        finally
        {
            _turn.Release();
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await TryFlushAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException)
        {
            // The gateway stops.
        }
    }

    private async Task TryFlushAsync(CancellationToken cancellationToken)
    {
        try
        {
            await FlushAsync(cancellationToken);
            if (_isDown)
            {
                LogUp();
            }

            _isDown = false;
        }
        catch (StoreException)
        {
            if (!_isDown)
            {
                LogDown();
            }

            _isDown = true;
        }
    }

    [LoggerMessage(LogLevel.Warning, "The store does not take usage: it is kept here until it does")]
    private partial void LogDown();

    [LoggerMessage(LogLevel.Information, "The store takes usage again")]
    private partial void LogUp();

    [LoggerMessage(LogLevel.Error, "The store did not take the last usage: what was not brought before is lost")]
    private partial void LogLost();
}
