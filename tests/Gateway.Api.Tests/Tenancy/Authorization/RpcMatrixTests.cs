using Clarifai.Api;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Task = System.Threading.Tasks.Task;

namespace Gateway.Api.Tests.Tenancy.Authorization;

/// <summary>
/// Every RPC for every kind of tenant and key over every face that carries it: the upstream is called, or it is not and the client is told
/// so, exactly as docs/rpc-groups.md has it.
/// </summary>
[Collection(MatrixServers.Collection)]
public sealed class RpcMatrixTests(MatrixServers servers)
{
    // Its verb and path are PostRunners', too, which is what a client means.
    private const string OfAnothersPath = "PatchRunners";

    private static readonly MethodDescriptor[] Rpcs = [.. V2.Descriptor.Methods];

    [Theory]
    [InlineData("rest")]
    [InlineData("grpc")]
    [InlineData("grpc-web")]
    [InlineData("grpc-web-text")]
    [InlineData("websocket")]
    public async Task Rpc_ForEveryKindOfTenantAndKey_IsAllowedOrRefusedAsTheTableSays(string face)
    {
        var attempts =
            from index in Enumerable.Range(0, Rpcs.Length)
            let rpc = Rpcs[index]
            where face switch { "websocket" => IsDuplex(rpc), "rest" => rpc.Name != OfAnothersPath, _ => true }
            let next = Policies.All[Policies.Only(Rpcs[(index + 1) % Rpcs.Length].Name)]
            from policy in Policies.OfRpcs.Append(Policies.All[Policies.Only(rpc.Name)]).Append(next)
            select new Attempt($"{rpc.Name} over {face}", policy, policy.MayCall(rpc.Name) ? Arrival.Call : Arrival.Refused, id => SendAsync(face, rpc, policy, id));

        Assert.Equal(273, Rpcs.Length);
        await MatrixRun.AssertAsync(servers, [.. attempts]);
    }

    private static bool IsDuplex(MethodDescriptor rpc) => rpc.IsClientStreaming && rpc.IsServerStreaming;

    private Task<bool> SendAsync(string face, MethodDescriptor rpc, Policy policy, string id)
    {
        var (verb, template, hasBody) = Requests.BindingsOf(rpc).First();
        var path = Requests.PathOf(template);
        var message = Requests.MessageOf(rpc);
        var json = Requests.SnakeCase.Format(message);
        return face switch
        {
            "rest" => MatrixClient.HttpAsync(
                servers, policy, id, verb, path, hasBody ? json : null, rpc.IsServerStreaming && !rpc.IsClientStreaming ? [("Accept", "text/event-stream")] : []),
            "grpc" => MatrixClient.GrpcAsync(servers, policy, id, rpc.Name, message.ToByteArray()),
            "websocket" => MatrixClient.WebSocketAsync(servers, policy, id, path, json),
            _ => MatrixClient.GrpcWebAsync(servers, policy, id, rpc.Name, message.ToByteArray(), text: face == "grpc-web-text", compress: false),
        };
    }
}
