using Clarifai.Api;
using Google.Api;
using Google.Protobuf.Reflection;

namespace Gateway.Protos.Tests;

/// <summary>The compiled V2 API as the tests look at it.</summary>
internal static class V2
{
    public static ServiceDescriptor Service { get; } = ServiceReflection.Descriptor.Services.Single();

    /// <summary>The service's file and every file of the API that it reaches through imports; Google's own are left out.</summary>
    public static IReadOnlyList<FileDescriptor> Files { get; } =
        [.. Reach(ServiceReflection.Descriptor).Where(file => !file.Name.StartsWith("google/", StringComparison.Ordinal))];

    /// <summary>Every message of those files, nested ones included, map entries left out.</summary>
    public static IEnumerable<MessageDescriptor> Messages =>
        Files.SelectMany(file => file.MessageTypes).SelectMany(WithNested);

    /// <summary>Every enum of those files, nested ones included.</summary>
    public static IEnumerable<EnumDescriptor> Enums =>
        Files.SelectMany(file => file.EnumTypes).Concat(Messages.SelectMany(message => message.EnumTypes));

    /// <summary>Every HTTP binding with its RPC, in the order of the rules: the rule itself, then its additional bindings.</summary>
    public static IEnumerable<(MethodDescriptor Rpc, HttpRule Rule)> Bindings =>
        Service.Methods.SelectMany(rpc => BindingsOf(rpc).Select(rule => (rpc, rule)));

    public static IEnumerable<HttpRule> BindingsOf(MethodDescriptor rpc) =>
        rpc.GetOptions().GetExtension(AnnotationsExtensions.Http) is { } rule ? [rule, .. rule.AdditionalBindings] : [];

    public static string Verb(HttpRule rule) => rule.PatternCase.ToString().ToUpperInvariant();

    public static string Path(HttpRule rule) => rule.PatternCase switch
    {
        HttpRule.PatternOneofCase.Get => rule.Get,
        HttpRule.PatternOneofCase.Put => rule.Put,
        HttpRule.PatternOneofCase.Post => rule.Post,
        HttpRule.PatternOneofCase.Delete => rule.Delete,
        HttpRule.PatternOneofCase.Patch => rule.Patch,
        _ => throw new InvalidDataException($"{rule.PatternCase} is no verb of this API"),
    };

    private static List<FileDescriptor> Reach(FileDescriptor root)
    {
        var reached = new List<FileDescriptor> { root };
        for (var next = 0; next < reached.Count; next++)
        {
            reached.AddRange(reached[next].Dependencies.Except(reached));
        }
        return reached;
    }

    private static IEnumerable<MessageDescriptor> WithNested(MessageDescriptor message) =>
        message.NestedTypes
            .Where(nested => nested.ToProto().Options?.MapEntry != true)
            .SelectMany(WithNested)
            .Prepend(message);
}
