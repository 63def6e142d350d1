using System.Collections;
using Clarifai.Api;
using Google.Api;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Gateway.Api.Tests.Tenancy.Authorization;

/// <summary>Requests of any RPC, made from its descriptor.</summary>
internal static class Requests
{
    // How far down a name is looked for; messages contain themselves.
    private const int Deepest = 7;

    /// <summary>As the REST API writes JSON, and with protobuf's own names, which are as good.</summary>
    public static readonly JsonFormatter SnakeCase = new(JsonFormatter.Settings.Default.WithPreserveProtoFieldNames(true));
    public static readonly JsonFormatter CamelCase = new(JsonFormatter.Settings.Default);

    /// <summary>The bindings of an RPC, the first one first: verb, template, and whether it takes a body.</summary>
    public static IEnumerable<(string Verb, string Template, bool HasBody)> BindingsOf(MethodDescriptor rpc)
    {
        var rule = rpc.GetOptions().GetExtension(AnnotationsExtensions.Http);
        return rule.AdditionalBindings.Prepend(rule).Select(one => (one.PatternCase.ToString().ToUpperInvariant(), TemplateOf(one), one.Body == "*"));
    }

    /// <summary>The path of a template, in the tenant's own user and app.</summary>
    /// <param name="template">The template.</param>
    /// <param name="model">The model in it.</param>
    /// <param name="workflow">The workflow in it.</param>
    /// <param name="user">The user in it.</param>
    public static string PathOf(string template, string model = Policies.Model, string workflow = Policies.Workflow, string user = Policy.User) =>
        string.Join('/', template.Split('/').Select(segment => segment switch
        {
            "{user_app_id.user_id}" => user,
            "{user_app_id.app_id}" => Policy.App,
            "{model_id}" => model,
            "{workflow_id}" => workflow,
            ['{', ..] => "x",
            _ => segment,
        }));

    /// <summary>What a client says that means its own: as far as the request has a place for it.</summary>
    public static IMessage MessageOf(MethodDescriptor rpc)
    {
        var message = rpc.InputType.Parser.ParseFrom([]);
        rpc.InputType.FindFieldByName("user_app_id")?.Accessor.SetValue(message, new UserAppIDSet { UserId = Policy.User, AppId = Policy.App });
        OwnFieldOf(rpc)?.Accessor.SetValue(message, RpcGroupTable.Rows[rpc.Name].Own == "model" ? Policies.Model : Policies.Workflow);
        return message;
    }

    /// <summary>The field that has the id of what the RPC is about; null where it is about nothing of the kind.</summary>
    public static FieldDescriptor? OwnFieldOf(MethodDescriptor rpc) =>
        RpcGroupTable.Rows[rpc.Name].Own is { Length: > 0 } own ? rpc.InputType.FindFieldByName(own + "_id") : null;

    /// <summary>The same message with a text in a place that names something.</summary>
    public static IMessage With(MethodDescriptor rpc, IReadOnlyList<FieldDescriptor> path, string text)
    {
        var message = MessageOf(rpc);
        Set(message, path, text);
        return message;
    }

    /// <summary>Every place in the request of an RPC that names something of a kind: each field that leads to one is gone through once, by the shortest way.</summary>
    public static IEnumerable<IReadOnlyList<FieldDescriptor>> PlacesIn(MethodDescriptor rpc, Func<FieldDescriptor, bool> names)
    {
        var seen = new HashSet<FieldDescriptor>();
        var open = new Queue<(MessageDescriptor Message, FieldDescriptor[] Path)>([(rpc.InputType, [])]);
        while (open.TryDequeue(out var next))
        {
            foreach (var field in next.Message.Fields.InFieldNumberOrder())
            {
                if (names(field))
                {
                    yield return [.. next.Path, field];
                }
                else if (field is { FieldType: FieldType.Message, IsMap: false }
                    && next.Path.Length < Deepest
                    && !field.MessageType.FullName.StartsWith("google.", StringComparison.Ordinal)
                    && seen.Add(field))
                {
                    open.Enqueue((field.MessageType, [.. next.Path, field]));
                }
            }
        }
    }

    private static void Set(IMessage message, IEnumerable<FieldDescriptor> path, string text)
    {
        var field = path.First();
        var rest = path.Skip(1);
        if (field.FieldType == FieldType.String)
        {
            if (field.IsRepeated)
            {
                ((IList)field.Accessor.GetValue(message)).Add(text);
            }
            else
            {
                field.Accessor.SetValue(message, text);
            }

            return;
        }

        var inner = field.IsRepeated ? null : (IMessage?)field.Accessor.GetValue(message);
        inner ??= field.MessageType.Parser.ParseFrom([]);
        Set(inner, rest, text);
        if (field.IsRepeated)
        {
            ((IList)field.Accessor.GetValue(message)).Add(inner);
        }
        else
        {
            field.Accessor.SetValue(message, inner);
        }
    }

    private static string TemplateOf(HttpRule rule) => rule.PatternCase switch
    {
        HttpRule.PatternOneofCase.Get => rule.Get,
        HttpRule.PatternOneofCase.Put => rule.Put,
        HttpRule.PatternOneofCase.Post => rule.Post,
        HttpRule.PatternOneofCase.Delete => rule.Delete,
        _ => rule.Patch,
    };
}
