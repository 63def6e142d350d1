using Clarifai.Api;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Task = System.Threading.Tasks.Task;

namespace Gateway.Api.Tests.Tenancy.Authorization;

/// <summary>
/// What a key may not name, named in every way that an RPC, its path, its query, its body and protobuf's encoding have. Attempts are judged by what
/// Google.Protobuf reads in the messages that the upstream got.
/// </summary>
[Collection(MatrixServers.Collection)]
public sealed class SmugglingTests(MatrixServers servers)
{
    private const string Secret = Policies.Secret;
    private static readonly MethodDescriptor[] Rpcs = [.. V2.Descriptor.Methods];
    private static readonly MethodDescriptor[] WithOwn = [.. Rpcs.Where(rpc => Requests.OwnFieldOf(rpc) is not null)];
    private static readonly bool[] Both = [false, true];
    private static readonly string[] Users = [Policy.User, Policy.Me, "%75", "stranger"];
    private static readonly string[] Ids = [Secret, Policies.Model, Policies.Workflow];
    private static readonly string[] Verbs = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND"];
    private static readonly string?[] Overrides = [null, "_method=DELETE"];
    private static readonly string[] RunnerHeaders =
        ["X-Clarifai-Deployment-Id", "X-Clarifai-Deployment-User-Id", "X-Clarifai-Nodepool-Id", "X-Clarifai-Compute-Cluster-Id"];

    private static readonly Policy Confined = Policies.All[Policies.Confined];
    private static readonly Policy[] Kinds = [Policies.All[Policies.DeniesModels], Policies.All[Policies.KeyLists], Confined];

    [Fact]
    public async Task Path_InEverySpelling_OpensNothingElse()
    {
        // As it stands in the path, and whether that is the denied id.
        (string Text, bool IsIt)[] spellings =
        [
            (Secret, true), ("%73ecret", true), ("%73%65%63%72%65%74", true), ("%2573ecret", false), ($"m%2F..%2F{Secret}", false), ($"m/../{Secret}", false),
            ($"m/%2e%2e/{Secret}", false), ($"./{Secret}", false), ($"%2E/{Secret}", false), ("SECRET", false), ($"{Secret}%00", false), ($"{Secret};m", false), ($"{Secret}%20", false),
            ($"m%3Fmodel_id={Secret}", false), ($"{Secret}%23", false), ($"m%5C{Secret}", false), ($"/{Secret}", false), ("%u0073ecret", false), ("%c1%b3ecret", false),
        ];
        var attempts =
            from rpc in WithOwn
            from binding in Requests.BindingsOf(rpc)
            where IsNamedIn(binding.Template, rpc)
            from spelling in spellings
            from user in Users
            where user == Policy.User || spelling.IsIt
            let path = Requests.PathOf(binding.Template, spelling.Text, spelling.Text, user)
            from policy in Policies.OfNames
            from written in new[] { path, path.Replace("/v2/", "/V2/", StringComparison.Ordinal).Replace("/models/", "/Models/", StringComparison.Ordinal) }
            let mustNot = spelling.IsIt && (user != "stranger" || !written.Contains(user, StringComparison.Ordinal) || policy.Name.EndsWith("lists", StringComparison.Ordinal))
            select Of($"{rpc.Name} {binding.Verb} {written}", policy, mustNot ? Arrival.Nothing : null, binding.Verb, written, binding.HasBody ? "{}" : null);
        var allowed =
            from rpc in WithOwn
            from binding in Requests.BindingsOf(rpc)
            from isPlain in Both
            from policy in Policies.OfNames
            let path = isPlain ? Requests.PathOf(binding.Template) : Requests.PathOf(binding.Template, "%6D", "%77")
            where IsNamedIn(binding.Template, rpc)
            select Of($"{rpc.Name} {binding.Verb} {path}", policy, Arrival.Call, binding.Verb, path, binding.HasBody ? "{}" : null, Accept(rpc));

        await MatrixRun.AssertAsync(servers, [.. attempts, .. allowed]);
    }

    [Fact]
    public async Task Query_BesideThePath_OpensNothingElse()
    {
        string[] queries =
        [
            "model_id=secret", "modelId=secret", "Model_Id=secret", "MODELID=secret", "model_id=m&model_id=secret", "modelId=secret&model_id=m", "%6dodel_id=secret", "model.id=secret", "model_id[]=secret",
            "model%2Eid=secret", "workflow_id=secret", "workflowId=secret", "workflow_id=w&workflowId=secret", "user_app_id.user_id=me", "userAppId.userId=stranger", "user_app_id.userId=stranger",
            "userAppId.appId=elsewhere", "user_app_id={\"user_id\":\"stranger\"}", "version_id=x", "model_id=;model_id=secret", "?model_id=secret", "model_id=%73ecret", "$.model_id=secret",
        ];
        var attempts =
            from rpc in Rpcs
            let binding = Requests.BindingsOf(rpc).First()
            from query in queries
            from policy in Kinds
            select Of($"{rpc.Name} {binding.Verb} ?{query}", policy, null, binding.Verb, Requests.PathOf(binding.Template) + "?" + query, binding.HasBody ? "{}" : null);

        await MatrixRun.AssertAsync(servers, [.. attempts]);
    }

    [Fact]
    public async Task Query_NamingWhatItMayNot_IsRefused()
    {
        var attempts =
            from rpc in Rpcs
            let binding = Requests.BindingsOf(rpc).First()
            where !binding.HasBody
            from place in Requests.PlacesIn(rpc, field => Names.IsModel(field) || Names.IsWorkflow(field))
            where place.All(field => field.FieldType == FieldType.String || !field.IsRepeated) && !binding.Template.Contains($"{{{place[0].Name}}}", StringComparison.Ordinal)
            from camel in Both
            let name = string.Join('.', place.Select(field => camel ? field.JsonName : field.Name))
            from policy in Policies.OfNames.Take(2)
            select Of($"{rpc.Name} ?{name}", policy, Arrival.Refused, binding.Verb, $"{Requests.PathOf(binding.Template)}?{name}={Secret}", null, Accept(rpc));

        await MatrixRun.AssertAsync(servers, [.. attempts, Clean(Policies.OfNames[0])]);
    }

    [Fact]
    public async Task Body_InEverySpelling_OpensNothingElse()
    {
        var attempts =
            from rpc in Rpcs
            let binding = Requests.BindingsOf(rpc).First()
            where binding.HasBody
            from body in Bodies()
            from policy in Kinds
            select Of($"{rpc.Name} {binding.Verb} {binding.Template} {body}", policy, null, binding.Verb, Requests.PathOf(binding.Template), body);

        await MatrixRun.AssertAsync(servers, [.. attempts, Clean(Policies.OfNames[0])]);
    }

    [Theory]
    [InlineData("rest")]
    [InlineData("grpc")]
    public async Task AnyPlaceOfAMessage_NamingWhatIsDenied_IsRefused(string face)
    {
        var policies = face == "rest" ? Policies.OfNames.Take(1) : Policies.OfNames.Skip(1).Take(1);
        var attempts =
            from policy in policies
            from rpc in Rpcs
            from place in Requests.PlacesIn(rpc, field => Names.IsModel(field) || Names.IsWorkflow(field))
            let attempt = In(face, rpc, place, Secret, policy, Arrival.Refused)
            where attempt is not null
            select attempt;

        await MatrixRun.AssertAsync(servers, [.. attempts, Clean(Policies.OfNames[0])]);
    }

    /// <summary>The upstream may take a text for a model where its field names a workflow of the same id, and the other way round.</summary>
    [Theory]
    [InlineData("rest")]
    [InlineData("grpc")]
    public async Task AnyPlaceOfAMessage_NamingAnotherThanTheListed_IsRefused(string face)
    {
        var attempts =
            from rpc in Rpcs
            from place in Requests.PlacesIn(rpc, field => Names.IsModel(field) || Names.IsWorkflow(field))
            from policy in Policies.OfNames.Skip(2)
            from text in Ids
            let attempt = In(face, rpc, place, text, policy, text == Secret ? Arrival.Refused : null)
            where attempt is not null
            select attempt;

        await MatrixRun.AssertAsync(servers, [.. attempts, Clean(Policies.OfNames[2])]);
    }

    [Theory]
    [InlineData("rest")]
    [InlineData("grpc")]
    public async Task AnyPlaceOfAMessage_NamingAStranger_IsRefusedToTheConfined(string face)
    {
        var attempts =
            from rpc in Rpcs
            from place in Requests.PlacesIn(rpc, field => Names.IsUser(field) || Names.IsApp(field))
            let attempt = In(face, rpc, place, "stranger", Confined, Arrival.Refused)
            where attempt is not null
            select attempt;

        await MatrixRun.AssertAsync(servers, [.. attempts, Clean(Confined)]);
    }

    [Theory]
    [InlineData("grpc")]
    [InlineData("grpc, gzip")]
    [InlineData("grpc-web")]
    [InlineData("grpc-web, gzip")]
    [InlineData("grpc-web-text")]
    [InlineData("grpc-web-text, gzip")]
    public async Task Wire_InEveryEncoding_OpensNothingElse(string face)
    {
        var attempts =
            from rpc in WithOwn
            from wire in WireMessages.Of(rpc)
            from policy in Policies.OfNames
            let expected = wire.Reads == Secret ? Arrival.Refused : wire.Reads == "own" ? Arrival.Call : (Arrival?)null
            select new Attempt($"{rpc.Name} {wire.Name} over {face}", policy, expected, id => face.StartsWith("grpc-web", StringComparison.Ordinal)
                ? MatrixClient.GrpcWebAsync(servers, policy, id, rpc.Name, wire.Message, face.Contains("text", StringComparison.Ordinal), face.EndsWith("gzip", StringComparison.Ordinal))
                : MatrixClient.GrpcAsync(servers, policy, id, rpc.Name, wire.Message, face.EndsWith("gzip", StringComparison.Ordinal)));

        await MatrixRun.AssertAsync(servers, [.. attempts]);
    }

    [Theory]
    [InlineData("websocket")]
    [InlineData("ndjson")]
    [InlineData("grpc")]
    [InlineData("grpc, gzip")]
    public async Task LaterMessage_NamingWhatItMayNot_DoesNotGoOn(string face)
    {
        var attempts =
            from rpc in Rpcs
            where rpc.IsClientStreaming && rpc.IsServerStreaming
            from policy in Policies.OfNames.Append(Confined)
            where policy.MayCall(rpc.Name)
            from place in Requests.PlacesIn(rpc, field => policy == Confined ? Names.IsUser(field) || Names.IsApp(field) : Names.IsModel(field) || Names.IsWorkflow(field)).Prepend([])
            from first in Both
            let clean = Requests.MessageOf(rpc)
            let bad = place.Count == 0 ? clean : Requests.With(rpc, place, policy == Confined ? "stranger" : Secret)
            where face.StartsWith("grpc", StringComparison.Ordinal) || place.Count == 0 || !IsOfThePath(rpc, place)
            where !face.EndsWith("gzip", StringComparison.Ordinal) || (clean.CalculateSize() > 0 && bad.CalculateSize() > 0) // the client packs nothing into no bytes, which is no gzip
            let messages = first ? new[] { clean, bad } : [bad, clean]
            let expected = place.Count == 0 ? Arrival.BothMessages : first ? (Arrival?)null : Arrival.Nothing
            select new Attempt($"{rpc.Name} {(first ? "second" : "first")} {Dotted(place)} over {face}", policy, expected, id => SendAllAsync(face, rpc, policy, id, messages));

        await MatrixRun.AssertAsync(servers, [.. attempts]);
    }

    /// <summary>A verb in a header, the header of another's session, a verb that a path has not: what counts is the request as it is.</summary>
    [Fact]
    public async Task Headers_OfOthersThanTheKey_ChangeNothing()
    {
        var reads = Policies.All[Policies.Reads];
        const string Path = "/v2/users/u/apps/a/models/m";
        (string, string)[] headers =
        [
            ("X-HTTP-Method-Override", "DELETE"), ("X-HTTP-Method", "DELETE"), ("X-Method-Override", "DELETE"), ("X_HTTP_Method_Override", "DELETE"), ("X-Original-URL", "/v2/users/me/keys"),
            ("X-Rewrite-URL", "/v2/users/me/keys"), ("X-Clarifai-Session-Token", "session"), ("Cookie", "session=x"), ("X-Forwarded-Prefix", "/v2/users/me"),
        ];
        var attempts =
            from header in headers
            from verb in Verbs
            from body in Overrides
            where body is null || verb is not ("GET" or "HEAD" or "TRACE")
            select Of($"{verb} with {header.Item1} and {body}", reads, verb is "GET" or "HEAD" ? Arrival.Call : Arrival.Nothing, verb, Path, body, header);
        var runners =
            from header in RunnerHeaders
            from policy in Policies.OfNames
            from attempt in new[]
            {
                Of($"{header} of a path", policy, Arrival.Call, "POST", Path + "/outputs", "{}", (header, "d")),
                new Attempt($"{header} in metadata", policy, Arrival.Refused, id => MatrixClient.GrpcAsync(servers, policy, id, "PostModelOutputs", Prediction(), false, (header.ToLowerInvariant(), "d"))),
            }
            select attempt;
        var metadata =
            from header in headers
            select new Attempt($"{header.Item1} in metadata", reads, Arrival.Call, id => MatrixClient.GrpcAsync(
                servers, reads, id, "GetModel", Requests.MessageOf(V2.Descriptor.FindMethodByName("GetModel")).ToByteArray(), false, (header.Item1.ToLowerInvariant(), header.Item2)));

        await MatrixRun.AssertAsync(servers, [.. attempts, .. runners, .. metadata]);
    }

    private static byte[] Prediction() => Requests.MessageOf(V2.Descriptor.FindMethodByName("PostModelOutputs")).ToByteArray();

    private static IEnumerable<string> Bodies()
    {
        string[] members =
        [
            "\"model_id\":\"secret\"", "\"modelId\":\"secret\"", "\"model_id\":\"secret\",\"modelId\":\"m\"", "\"modelId\":\"m\",\"model_id\":\"secret\"", "\"model_id\":\"m\",\"model_id\":\"secret\"",
            "\"model_id\":\"secret\",\"model_id\":null", "\"\\u006dodel_id\":\"secret\"", "\"model_id\":\"\\u0073ecret\"", "\"model\":{\"id\":\"secret\"}", "\"model\":{\"id\":\"m\"},\"model\":{\"id\":\"secret\"}",
            "\"model\":{\"id\":\"secret\",\"id\":\"m\"}", "\"workflow_id\":\"secret\"", "\"workflowId\":\"secret\",\"workflow_id\":\"w\"", "\"user_app_id\":{\"user_id\":\"me\"}", "\"userAppId\":{\"userId\":\"stranger\"}",
            "\"user_app_id\":{\"user_id\":\"u\",\"app_id\":\"a\"},\"userAppId\":{\"userId\":\"stranger\"}", "\"user_app_id\":null", "\"user_app_id\":{\"user_id\":\"\",\"userId\":\"stranger\"}",
            "\"ids\":[\"secret\"]", "\"ids\":[\"m\",\"secret\"]", "\"models\":[{\"id\":\"m\"},{\"id\":\"secret\"}]", "\"workflows\":[{\"nodes\":[{\"model\":{\"id\":\"secret\"}}]}]",
            "\"workflow_versions\":[{\"nodes\":[{\"model\":{\"id\":\"w\"}},{\"model\":{\"id\":\"secret\"}}]}]", "\"runner_selector\":{\"deployment\":{\"id\":\"d\"}}", "\"runnerSelector\":{\"deployment\":{\"id\":\"d\"}}",
            "\"node_runner_selectors\":{\"n\":{\"deployment\":{\"id\":\"d\"}}}", "\"MODEL_ID\":\"secret\"", "\"model_id \":\"secret\"", "\"[model_id]\":\"secret\"",
        ];
        return members.Select(member => $"{{{member}}}").Append("\uFEFF{\"model_id\":\"secret\"}").Append("{\"model_id\":\"m\"}{\"model_id\":\"secret\"}");
    }

    private static (string, string)[] Accept(MethodDescriptor rpc) => rpc is { IsServerStreaming: true, IsClientStreaming: false } ? [("Accept", "text/event-stream")] : [];

    private static string Dotted(IEnumerable<FieldDescriptor> place) => string.Join('.', place.Select(field => field.Name));

    private static bool IsNamedIn(string template, MethodDescriptor rpc) => template.Contains($"{{{Requests.OwnFieldOf(rpc)!.Name}}}", StringComparison.Ordinal);

    // The path's word is the last on what it names.
    private static bool IsOfThePath(MethodDescriptor rpc, IReadOnlyList<FieldDescriptor> place) =>
        Requests.BindingsOf(rpc).First().Template.Contains($"{{{Dotted(place)}}}", StringComparison.Ordinal);

    private Attempt Of(string name, Policy policy, Arrival? expected, string verb, string path, string? body, params (string, string)[] headers) =>
        new(name, policy, expected, id => MatrixClient.HttpAsync(servers, policy, id, verb, path, body, headers));

    private Attempt Clean(Policy policy) => Of("clean", policy, Arrival.Call, "POST", "/v2/users/u/apps/a/models/m/outputs", "{}");

    // Null where the face has no such place: a path takes the word from the body.
    private Attempt? In(string face, MethodDescriptor rpc, IReadOnlyList<FieldDescriptor> place, string text, Policy policy, Arrival? expected)
    {
        var message = Requests.With(rpc, place, text);
        var (verb, template, hasBody) = Requests.BindingsOf(rpc).First();
        var name = $"{rpc.Name} {Dotted(place)}={text} over {face}";
        return face == "grpc" ? new Attempt(name, policy, expected, id => MatrixClient.GrpcAsync(servers, policy, id, rpc.Name, message.ToByteArray()))
            : hasBody && !IsOfThePath(rpc, place) ? Of(name, policy, expected, verb, Requests.PathOf(template), Requests.CamelCase.Format(message), Accept(rpc))
            : null;
    }

    private Task<bool> SendAllAsync(string face, MethodDescriptor rpc, Policy policy, string id, IMessage[] messages)
    {
        var (verb, template, _) = Requests.BindingsOf(rpc).First();
        var path = Requests.PathOf(template);
        var json = messages.Select(message => Requests.CamelCase.Format(message)).ToArray();
        return face switch
        {
            "websocket" => MatrixClient.WebSocketAsync(servers, policy, id, path, json),
            "ndjson" => MatrixClient.HttpAsync(servers, policy, id, verb, path, string.Join('\n', json), ("Content-Type", "application/x-ndjson"), ("Accept", "application/x-ndjson")),
            _ => MatrixClient.DuplexAsync(servers, policy, id, rpc.Name, face.EndsWith("gzip", StringComparison.Ordinal), [.. messages.Select(message => message.ToByteArray())]),
        };
    }
}
