using Gateway.Core.Schema;
using Google.Api;

namespace Gateway.Core.Binding;

/// <summary>One HTTP route of one RPC: a <c>google.api.http</c> rule or one of its additional bindings.</summary>
public sealed class HttpBinding
{
    private const string WholeBody = "*";

    private HttpBinding(RpcPlan rpc, string method, PathTemplate path, bool hasBody)
    {
        Rpc = rpc;
        Method = method;
        Path = path;
        HasBody = hasBody;
    }

    /// <summary>The RPC that the route calls.</summary>
    public RpcPlan Rpc { get; }

    /// <summary>The HTTP method, in capitals.</summary>
    public string Method { get; }

    /// <summary>The path.</summary>
    public PathTemplate Path { get; }

    /// <summary>True when the body is the request message; false when the query fills what the path leaves.</summary>
    public bool HasBody { get; }

    /// <summary>The same RPC and body under another path.</summary>
    public HttpBinding At(string path) => new(Rpc, Method, PathTemplate.Parse(path, Rpc.Request), HasBody);

    /// <summary>The bindings of an RPC, the rule itself first; none when it has no rule.</summary>
    public static IEnumerable<HttpBinding> Of(RpcPlan rpc)
    {
        var rule = rpc.Descriptor.GetOptions()?.GetExtension(AnnotationsExtensions.Http);
        return rule is null ? [] : rule.AdditionalBindings.Prepend(rule).Select(one => Compile(rpc, one));
    }

    private static HttpBinding Compile(RpcPlan rpc, HttpRule rule)
    {
        if (rule.Body is not ("" or WholeBody) || rule.ResponseBody.Length > 0)
        {
            throw new ArgumentException(
                $"{rpc.Name} binds its body to a single field, which V2 never does and this gateway does not read.", nameof(rule));
        }

        var (method, path) = rule.PatternCase switch
        {
            HttpRule.PatternOneofCase.Get => ("GET", rule.Get),
            HttpRule.PatternOneofCase.Put => ("PUT", rule.Put),
            HttpRule.PatternOneofCase.Post => ("POST", rule.Post),
            HttpRule.PatternOneofCase.Delete => ("DELETE", rule.Delete),
            HttpRule.PatternOneofCase.Patch => ("PATCH", rule.Patch),
            _ => throw new ArgumentException($"{rpc.Name} has an HTTP rule of kind {rule.PatternCase}.", nameof(rule)),
        };
        return new HttpBinding(rpc, method, PathTemplate.Parse(path, rpc.Request), rule.Body == WholeBody);
    }
}
