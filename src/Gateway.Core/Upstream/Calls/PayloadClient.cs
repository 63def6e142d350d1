using Grpc.Core;

namespace Gateway.Core.Upstream.Calls;

/// <summary>The API's client for calls whose messages are bytes, which the client factory makes beside the generated one.</summary>
/// <param name="invoker">Makes the calls.</param>
internal sealed class PayloadClient(CallInvoker invoker)
{
    /// <summary>Makes the calls.</summary>
    public CallInvoker Invoker => invoker;
}
