using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Clarifai.Api;
using Gateway.Api.Tests.Support;
using Gateway.Testing;
using Google.Api;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Task = System.Threading.Tasks.Task;

namespace Gateway.Api.Tests.Bindings;

/// <summary>
/// Drives every unary RPC over every one of its bindings, every field of request and response set, against an upstream that
/// records. Google.Protobuf writes the JSON that goes in, reads the JSON that comes out, and compares the messages.
/// </summary>
public sealed class EveryBindingTests(EveryBindingTests.Servers servers) : IClassFixture<EveryBindingTests.Servers>
{
    private static readonly ServiceDescriptor Service = ServiceReflection.Descriptor.Services.Single();

    private static readonly string[] PrivateNames = ["\"stack_trace\"", "\"internal_details\"", "\"redirect_info\""];

    private static readonly JsonFormatter ProtoNames =
        new(JsonFormatter.Settings.Default.WithPreserveProtoFieldNames(true).WithFormatEnumsAsIntegers(true));

    /// <summary>Every verb and path that answers with a unary RPC; of colliding bindings the one that the facts name.</summary>
    public static TheoryData<string, string, string> Bindings()
    {
        var data = new TheoryData<string, string, string>();
        var shadowed = new HashSet<(string, string)> { ("PatchRunners", "POST"), ("PostPipelines", "GET") };
        foreach (var rpc in Service.Methods.Where(rpc => !rpc.IsServerStreaming && !rpc.IsClientStreaming))
        {
            var rule = rpc.GetOptions().GetExtension(AnnotationsExtensions.Http);
            foreach (var binding in rule.AdditionalBindings.Prepend(rule))
            {
                var verb = Verb(binding);
                if (!shadowed.Contains((rpc.Name, verb)))
                {
                    data.Add(rpc.Name, verb, Path(binding));
                }
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Bindings))]
    public async Task Binding_EveryFieldSet_ArrivesUnchangedBothWays(string rpcName, string verb, string path)
    {
        var rpc = Service.FindMethodByName(rpcName);
        var hasBody = HasBody(rpc, verb, path);
        foreach (var (request, response) in Pairs(rpc))
        {
            var variables = Variables(path);
            var target = Target(request, path, variables);
            var expected = request.Descriptor.Parser.ParseFrom(request.ToByteArray());
            if (!hasBody)
            {
                target += "?" + QueryText.Of(request, variables);
            }

            var (status, body, seen) = await servers.CallAsync(rpc, verb, target, hasBody ? BodyOf(request, variables) : null, response);

            Assert.True(status == HttpStatusCode.OK, body);
            EveryField.ClearPrivate(expected);
            EveryField.ClearPrivate(seen);
            Assert.Equal(expected, seen);

            var answered = JsonParser.Default.Parse(body, rpc.OutputType);
            EveryField.ClearPrivate(response);
            Assert.Equal(response, answered);
            Assert.Equal(0, CountPrivate(body));
        }
    }

    private static int CountPrivate(string body) => PrivateNames.Count(name => body.Contains(name, StringComparison.Ordinal));

    private static string Verb(HttpRule rule) => rule.PatternCase.ToString().ToUpperInvariant();

    // As many requests as responses: the shorter list of variants repeats its first.
    private static IEnumerable<(IMessage Request, IMessage Response)> Pairs(MethodDescriptor rpc)
    {
        var requests = EveryField.VariantsOf(rpc.InputType).ToList();
        var responses = EveryField.VariantsOf(rpc.OutputType).Select(AsSuccess).ToList();
        for (var i = 0; i < Math.Max(requests.Count, responses.Count); i++)
        {
            yield return (requests[i < requests.Count ? i : 0], responses[i < responses.Count ? i : 0]);
        }
    }

    // The HTTP status follows the response's status; its other fields stay as they were filled.
    private static IMessage AsSuccess(IMessage response)
    {
        if (response.Descriptor.FindFieldByName("status") is { IsRepeated: false, FieldType: FieldType.Message } field
            && field.Accessor.GetValue(response) is Clarifai.Api.Status.Status status)
        {
            status.Code = Clarifai.Api.Status.StatusCode.Success;
            status.HttpStatusCode = 200;
        }

        return response;
    }

    private static bool HasBody(MethodDescriptor rpc, string verb, string path)
    {
        var rule = rpc.GetOptions().GetExtension(AnnotationsExtensions.Http);
        return rule.AdditionalBindings.Prepend(rule)
            .Single(binding => Verb(binding) == verb && Path(binding) == path).Body == "*";
    }

    private static string Path(HttpRule rule) => rule.PatternCase switch
    {
        HttpRule.PatternOneofCase.Get => rule.Get,
        HttpRule.PatternOneofCase.Put => rule.Put,
        HttpRule.PatternOneofCase.Post => rule.Post,
        HttpRule.PatternOneofCase.Delete => rule.Delete,
        _ => rule.Patch,
    };

    private static HashSet<string> Variables(string path) =>
        [.. path.Split('/').Where(segment => segment.StartsWith('{')).Select(segment => segment.Trim('{', '}'))];

    private static string Target(IMessage request, string path, HashSet<string> variables) =>
        variables.Aggregate(path, (target, variable) => target.Replace($"{{{variable}}}", Uri.EscapeDataString(ValueAt(request, variable)), StringComparison.Ordinal));

    private static string ValueAt(IMessage message, string path)
    {
        var (owner, field) = Owner(message, path);
        return field.Accessor.GetValue(owner) as string ?? throw new NotSupportedException($"{path} is not a string");
    }

    // The body says something else than the path wherever both can speak: the path has to win.
    private static string BodyOf(IMessage request, HashSet<string> variables)
    {
        var body = request.Descriptor.Parser.ParseFrom(request.ToByteArray());
        foreach (var variable in variables)
        {
            var (owner, field) = Owner(body, variable);
            field.Accessor.SetValue(owner, "from the body");
        }

        return variables.Count % 2 == 0 ? ProtoNames.Format(body) : JsonFormatter.Default.Format(body);
    }

    private static (IMessage Owner, FieldDescriptor Field) Owner(IMessage message, string path)
    {
        var names = path.Split('.');
        foreach (var name in names[..^1])
        {
            message = (IMessage)message.Descriptor.FindFieldByName(name).Accessor.GetValue(message);
        }

        return (message, message.Descriptor.FindFieldByName(names[^1]));
    }

    /// <summary>One gateway and one upstream for all bindings.</summary>
    public sealed class Servers : IAsyncLifetime
    {
        private readonly ConcurrentDictionary<string, TaskCompletionSource<byte[]>> _requests = new();
        private IMessage _response = new SingleStatusCodeResponse();
        private RecordingUpstream? _upstream;
        private GatewayHost? _gateway;
        private HttpClient? _client;

        public async Task InitializeAsync()
        {
            _upstream = await RecordingUpstream.StartAsync(call =>
            {
                _requests[call.Path].SetResult(call.Request);
                return _response;
            });
            _gateway = GatewayHost.Start(_upstream.Address);
            _client = _gateway.CreateClientWithKey();
        }

        public async Task DisposeAsync()
        {
            _client?.Dispose();
            if (_gateway is not null)
            {
                await _gateway.DisposeAsync();
            }

            if (_upstream is not null)
            {
                await _upstream.DisposeAsync();
            }
        }

        internal async Task<(HttpStatusCode Status, string Body, IMessage Seen)> CallAsync(
            MethodDescriptor rpc, string verb, string target, string? body, IMessage response)
        {
            var seen = _requests[$"/{rpc.Service.FullName}/{rpc.Name}"] = new TaskCompletionSource<byte[]>();
            _response = response;
            using var request = new HttpRequestMessage(new HttpMethod(verb), target);
            request.Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json");
            using var answer = await _client!.SendAsync(request);
            var text = await answer.Content.ReadAsStringAsync();
            Assert.True(seen.Task.IsCompleted, $"{rpc.Name} was not called; the answer was {(int)answer.StatusCode} {text}");
            return (answer.StatusCode, text, rpc.InputType.Parser.ParseFrom(await seen.Task));
        }
    }
}
