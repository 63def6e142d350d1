using System.Collections.Frozen;
using Gateway.Core.Json;
using Google.Protobuf.Reflection;

namespace Gateway.Core.Schema;

/// <summary>The plans of a whole API in one JSON dialect, compiled once at startup. Immutable; shared by all threads.</summary>
public sealed class ApiSchema
{
    private readonly FrozenDictionary<string, MessagePlan> _messages;
    private readonly FrozenDictionary<string, RpcPlan> _rpcsByName;

    private ApiSchema(JsonDialect dialect, IEnumerable<FileDescriptor> files, IEnumerable<MethodDescriptor> methods)
    {
        Dialect = dialect;
        var compiler = new PlanCompiler(dialect);
        _messages = compiler.Compile(files).ToFrozenDictionary(plan => plan.FullName);
        Rpcs = [.. methods.Select(m => new RpcPlan(m, _messages[m.InputType.FullName], _messages[m.OutputType.FullName]))];
        _rpcsByName = Rpcs.ToFrozenDictionary(rpc => rpc.Name);
    }

    /// <summary>How JSON looks in every plan of this schema.</summary>
    public JsonDialect Dialect { get; }

    /// <summary>The service's RPCs, in the order of its <c>.proto</c> file; none when the schema is of files alone.</summary>
    public IReadOnlyList<RpcPlan> Rpcs { get; }

    /// <summary>Compiles a service with every message of its file and of the files that this one needs.</summary>
    /// <param name="service">The service.</param>
    /// <param name="dialect">How JSON looks.</param>
    public static ApiSchema Compile(ServiceDescriptor service, JsonDialect dialect) => new(dialect, [service.File], service.Methods);

    /// <summary>Compiles the messages of files and of the files that these need.</summary>
    /// <param name="files">Files with messages.</param>
    /// <param name="dialect">How JSON looks.</param>
    public static ApiSchema Compile(IEnumerable<FileDescriptor> files, JsonDialect dialect) => new(dialect, files, []);

    /// <summary>The RPC of a name.</summary>
    /// <param name="name">The name in the service, such as <c>PostModelOutputs</c>.</param>
    /// <exception cref="KeyNotFoundException">The service has no such RPC.</exception>
    public RpcPlan Rpc(string name) => _rpcsByName[name];

    /// <summary>The plan of a message.</summary>
    /// <param name="descriptor">A message of this schema.</param>
    /// <exception cref="KeyNotFoundException">The message is of another schema.</exception>
    public MessagePlan Message(MessageDescriptor descriptor) => Message(descriptor.FullName);

    /// <summary>The plan of a message.</summary>
    /// <param name="name">Its full name, such as <c>clarifai.api.Data</c>.</param>
    /// <exception cref="KeyNotFoundException">The schema has no such message.</exception>
    public MessagePlan Message(string name) => _messages[name];
}
