using Gateway.Api.Configuration;
using Gateway.Api.Stored;
using Gateway.Store.Definitions;
using Microsoft.Extensions.Options;

namespace Gateway.Api.Faces.Admin;

/// <summary>Does an operation of the admin API.</summary>
/// <param name="request">What is asked.</param>
/// <param name="administration">What it is asked of.</param>
internal delegate Task<AdminAnswer> AdminOperation(AdminRequest request, StoreAdministration administration);

/// <summary>Has operations answer requests: reads, does, writes; and what is asked again under the same key is not done again.</summary>
/// <param name="access">The store.</param>
/// <param name="options">The configuration's tenants, and the admin key's hash.</param>
/// <param name="time">The clock.</param>
internal sealed class AdminHandler(TenantStoreAccess access, IOptions<GatewayOptions> options, TimeProvider time)
{
    private const int ShownDigits = 12;

    // Which key it was, for who changes it now and then.
    private readonly string _actor = $"admin key {options.Value.Admin.KeySha256!.ToLowerInvariant()[..ShownDigits]}";

    /// <summary>What an endpoint does whose operation is this.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="mayBeAskedTwice">Whether an idempotency key counts.</param>
    public RequestDelegate Handle(AdminOperation operation, bool mayBeAskedTwice) => async http =>
    {
        if (access.Store is not { } store)
        {
            await AdminWriter.WriteAsync(http, AdminProblem.StoreDown);
            return;
        }

        var (request, problem) = await AdminRequest.ReadAsync(http);
        var administration = new StoreAdministration(store, options.Value.Tenants.Keys, time, _actor);
        await AdminWriter.WriteAsync(
            http,
            problem is not null ? problem
                : mayBeAskedTwice && request!.IdempotencyKey is { } key ? await OnceAsync(request, key, operation, administration)
                : await operation(request!, administration));
    };

    private static async Task<AdminAnswer> OnceAsync(
        AdminRequest request, string key, AdminOperation operation, StoreAdministration administration)
    {
        try
        {
            AdminAnswer? first = null;
            var answered = await administration.OnceAsync(
                key,
                request.Sha256(),
                async within =>
                {
                    first = await operation(request, within);
                    return first.Problem is null ? first.ToKept() : throw new NotKeptException(first);
                },
                request.Aborted);
            return answered.Outcome switch
            {
                IdempotencyOutcome.First => first!,
                IdempotencyOutcome.Repeated => AdminAnswer.OfKept(answered.Response!),
                _ => AdminProblem.KeyReused,
            };
        }
        catch (NotKeptException refused)
        {
            return refused.Answer;
        }
    }

    // How the store is told that there is nothing to keep.
    private sealed class NotKeptException(AdminAnswer answer) : Exception
    {
        public AdminAnswer Answer { get; } = answer;
    }
}
