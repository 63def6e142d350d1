using System.Net;
using Clarifai.Api;
using Gateway.Api.Tests.Support;
using Gateway.Testing;
using Google.Api;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Task = System.Threading.Tasks.Task;

namespace Gateway.Api.Tests.Bindings;

/// <summary>
/// Drives every unary RPC over every binding that the JSON channel of Clarifai's Python client takes, as that channel does it, every field of
/// the request set. All of it arrives that the channel sends and the binding takes.
/// </summary>
public sealed class JsonChannelTests(EveryBindingTests.Servers servers) : IClassFixture<EveryBindingTests.Servers>
{
    private static readonly ServiceDescriptor Service = ServiceReflection.Descriptor.Services.Single();

    private static readonly List<(string Rpc, string Verb, string Path)> All =
        [.. EveryBindingTests.Bindings().Select(row => ((string)row[0], (string)row[1], (string)row[2]))];

    /// <summary>The bindings that the channel takes.</summary>
    public static TheoryData<string, string, string> Taken()
    {
        var data = new TheoryData<string, string, string>();
        foreach (var (rpc, verb, path) in All.Where(IsTaken))
        {
            data.Add(rpc, verb, path);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Taken))]
    public async Task Binding_DrivenByTheJsonChannel_ArrivesUnchanged(string rpcName, string verb, string path)
    {
        var rpc = Service.FindMethodByName(rpcName);
        foreach (var request in RequestsOf(rpc, path))
        {
            if (verb == "GET")
            {
                JsonChannelRequest.ClearUnsaid(request);
            }

            var sent = JsonChannelRequest.Of(request, verb, path)!;
            var expected = verb == "GET" || HasBody(rpc, verb, path) ? request : OnlyThePath(request, path);
            EveryField.ClearPrivate(expected);

            var (status, body, seen) = await servers.CallAsync(rpc, verb, sent.Target, sent.Body, rpc.OutputType.Parser.ParseFrom([]));

            Assert.True(status == HttpStatusCode.OK, body);
            EveryField.ClearPrivate(seen);
            Assert.Equal(expected, seen);
        }
    }

    /// <summary>The channel looks for the last part of a variable's name, and these have it in another message.</summary>
    [Fact]
    public void Bindings_ThatTheChannelDoesNotTake_AreThese() => Assert.Equal(
        [
            "GET /v2/cloud_providers/{cloud_provider.id}/regions",
            "GET /v2/cloud_providers/{cloud_provider.id}/regions/{region}/instance_types",
            "POST /v2/users/{runner_selector.deployment.user_id}/deployments/{runner_selector.deployment.id}/outputs",
        ],
        All.Where(binding => !IsTaken(binding)).Select(binding => $"{binding.Verb} {binding.Path}").Distinct().Order(StringComparer.Ordinal));

    /// <summary>What the channel makes of a message in a list of a query no mirror can read; it is refused, not guessed.</summary>
    [Fact]
    public async Task Query_WithAMessageInAList_IsRefusedByName()
    {
        await using var gateway = GatewayHost.Start();
        using var client = gateway.CreateClientWithKey();
        var request = new ListAnnotationsRequest { Statuses = { new Clarifai.Api.Status.Status { Code = Clarifai.Api.Status.StatusCode.Success } } };

        var answer = await Answer.OfAsync(client, "GET", JsonChannelRequest.Of(request, "GET", "/v2/annotations")!.Target);

        Assert.Equal(HttpStatusCode.BadRequest, answer.HasTheApisShape().Http);
        Assert.StartsWith("statuses: expected a JSON value", answer.Details, StringComparison.Ordinal);
    }

    private static bool IsTaken((string Rpc, string Verb, string Path) binding) =>
        JsonChannelRequest.Of(RequestsOf(Service.FindMethodByName(binding.Rpc), binding.Path).First(), "POST", binding.Path) is not null;

    // What stands in a path is an id, as the channel does not encode it.
    private static IEnumerable<IMessage> RequestsOf(MethodDescriptor rpc, string path)
    {
        foreach (var request in EveryField.VariantsOf(rpc.InputType))
        {
            var number = 0;
            foreach (var variable in VariablesOf(path))
            {
                if (OwnerOf(request, variable) is var (owner, field))
                {
                    field.Accessor.SetValue(owner, $"{field.Name}-{++number}");
                }
            }

            yield return request;
        }
    }

    private static IMessage OnlyThePath(IMessage request, string path)
    {
        var only = request.Descriptor.Parser.ParseFrom([]);
        foreach (var variable in VariablesOf(path))
        {
            var parts = variable.Split('.');
            var (from, to) = (request, only);
            foreach (var part in parts[..^1])
            {
                var message = request.Descriptor.FindFieldByName(part);
                if (message.Accessor.GetValue(to) is null)
                {
                    message.Accessor.SetValue(to, message.MessageType.Parser.ParseFrom([]));
                }

                (from, to) = ((IMessage)message.Accessor.GetValue(from), (IMessage)message.Accessor.GetValue(to));
            }

            var field = to.Descriptor.FindFieldByName(parts[^1]);
            field.Accessor.SetValue(to, field.Accessor.GetValue(from));
        }

        return only;
    }

    // Null where the variant goes another way: the path leads through a oneof.
    private static (IMessage Owner, FieldDescriptor Field)? OwnerOf(IMessage message, string path)
    {
        var names = path.Split('.');
        foreach (var name in names[..^1])
        {
            if (message.Descriptor.FindFieldByName(name).Accessor.GetValue(message) is not IMessage inner)
            {
                return null;
            }

            message = inner;
        }

        return (message, message.Descriptor.FindFieldByName(names[^1]));
    }

    private static IEnumerable<string> VariablesOf(string path) =>
        path.Split('/').Where(segment => segment.StartsWith('{')).Select(segment => segment.Trim('{', '}'));

    private static bool HasBody(MethodDescriptor rpc, string verb, string path)
    {
        var rule = rpc.GetOptions().GetExtension(AnnotationsExtensions.Http);
        return rule.AdditionalBindings.Prepend(rule).Any(binding => binding.Body == "*" && verb switch
        {
            "POST" => binding.Post,
            "PUT" => binding.Put,
            "PATCH" => binding.Patch,
            _ => binding.Delete,
        } == path);
    }
}
