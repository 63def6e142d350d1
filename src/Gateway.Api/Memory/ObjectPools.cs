using Microsoft.Extensions.ObjectPool;

namespace Gateway.Api.Memory;

/// <summary>Pools of what is out for as long as a call, and holds nothing of one at rest.</summary>
internal static class ObjectPools
{
    // As many as calls at the same time, not as processors. A reader or a writer holds about 2 KB at rest.
    private const int MaxAtRest = 1024;

    /// <summary>Adds a pool.</summary>
    /// <param name="create">Makes one.</param>
    /// <param name="reset">Has it let go of what it holds.</param>
    public static void AddPool<T>(this IServiceCollection services, Func<IServiceProvider, T> create, Action<T> reset)
        where T : class =>
        services.AddSingleton<ObjectPool<T>>(provider => new DefaultObjectPool<T>(new Policy<T>(() => create(provider), reset), MaxAtRest));

    private sealed class Policy<T>(Func<T> create, Action<T> reset) : PooledObjectPolicy<T>
        where T : class
    {
        public override T Create() => create();

        public override bool Return(T obj)
        {
            reset(obj);
            return true;
        }
    }
}
