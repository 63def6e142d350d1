using System.Globalization;
using Clarifai.Api.Utils;
using Clarifai.Auth.Util;
using Google.Protobuf.Reflection;

namespace Gateway.Protos.Tests.Tables;

/// <summary>The compiled descriptors, written as the rows of the fact tables.</summary>
internal static class DescriptorTables
{
    private static readonly HashSet<string> Inference = ReachableFrom(
        "PostModelOutputs", "GenerateModelOutputs", "StreamModelOutputs", "PostWorkflowResults");

    /// <summary>Columns: message, number, field, type, label, oneof, show_if_empty, default_float, private, deprecated, inference.</summary>
    public static IEnumerable<string> Fields() => V2.Messages.Where(message => IsOfTheApi(message.File)).SelectMany(FieldsOf);

    /// <summary>Columns: enum, number, value, deprecated, inference.</summary>
    public static IEnumerable<string> Enums() =>
        from type in V2.Enums.Where(type => IsOfTheApi(type.File))
        from value in type.Values
        select Row(
            type.FullName,
            value.Number.ToString(CultureInfo.InvariantCulture),
            value.Name,
            Yes(value.GetOptions()?.Deprecated == true),
            Yes(Inference.Contains(type.FullName)));

    /// <summary>Columns: rpc, request, response, kind, auth.</summary>
    public static IEnumerable<string> Rpcs() =>
        V2.Service.Methods.Select(rpc => Row(rpc.Name, rpc.InputType.FullName, rpc.OutputType.FullName, Kind(rpc), Auth(rpc)));

    /// <summary>Columns: rpc, http_method, path, body, response_body, and the binding's place among its RPC's.</summary>
    public static IEnumerable<string> Routes() =>
        from rpc in V2.Service.Methods
        from binding in V2.BindingsOf(rpc).Index()
        select Row(rpc.Name, V2.Verb(binding.Item), V2.Path(binding.Item), binding.Item.Body, binding.Item.ResponseBody, $"#{binding.Index}");

    private static bool IsOfTheApi(FileDescriptor file) => file.Package is "" or "clarifai.api" or "clarifai.api.status" or "clarifai.api.utils";

    private static IEnumerable<string> FieldsOf(MessageDescriptor message)
    {
        var inference = Yes(Inference.Contains(message.FullName));
        return message.Fields.InDeclarationOrder() is { Count: > 0 } fields
            ? fields.Select(field => Row([.. Columns(field), inference]))
            : [Row(message.FullName, "", "", "", "", "", "", "", "", "", inference)];
    }

    private static string[] Columns(FieldDescriptor field)
    {
        var options = field.GetOptions();
        return
        [
            field.ContainingType.FullName,
            field.FieldNumber.ToString(CultureInfo.InvariantCulture),
            field.Name,
            TypeName(field),
            Label(field),
            field.RealContainingOneof?.Name ?? "",
            Yes(options?.GetExtension(OptionsExtensions.ClShowIfEmpty) == true),
            options?.HasExtension(OptionsExtensions.ClDefaultFloat) == true
                ? options.GetExtension(OptionsExtensions.ClDefaultFloat).ToString("0.0###", CultureInfo.InvariantCulture)
                : "",
            Yes(options?.GetExtension(AccessExtensions.ClPrivateField) == true),
            Yes(options?.Deprecated == true),
        ];
    }

    private static string TypeName(FieldDescriptor field) => field switch
    {
        { IsMap: true } => $"map<{TypeName(field.MessageType.FindFieldByNumber(1))}, {TypeName(field.MessageType.FindFieldByNumber(2))}>",
        { FieldType: FieldType.Message } => field.MessageType.FullName,
        { FieldType: FieldType.Enum } => field.EnumType.FullName,
        _ => field.FieldType.ToString().ToLowerInvariant(),
    };

    private static string Label(FieldDescriptor field) => field switch
    {
        { IsMap: true } => "map",
        { IsRepeated: true } => "repeated",
        _ when field.ToProto().Proto3Optional => "optional",
        _ => "singular",
    };

    private static string Kind(MethodDescriptor rpc) => (rpc.IsClientStreaming, rpc.IsServerStreaming) switch
    {
        (false, false) => "unary",
        (false, true) => "server_stream",
        (true, false) => "client_stream",
        (true, true) => "bidi",
    };

    private static string Auth(MethodDescriptor rpc) => rpc.GetOptions().GetExtension(AccessExtensions.Credential) switch
    {
        Credential.None => "NoAuth",
        Credential.Key => "KeyAuth",
        Credential.Pat => "PATAuth",
        Credential.SessionToken => "SessionTokenAuth",
        _ => "",
    };

    private static HashSet<string> ReachableFrom(params string[] rpcs)
    {
        var reached = new HashSet<string>();
        var pending = new Stack<MessageDescriptor>(
            rpcs.Select(V2.Service.FindMethodByName).SelectMany(rpc => new[] { rpc.InputType, rpc.OutputType }));
        while (pending.TryPop(out var message))
        {
            if (!reached.Add(message.FullName))
            {
                continue;
            }
            foreach (var field in message.Fields.InDeclarationOrder())
            {
                if (field.FieldType == FieldType.Message)
                {
                    pending.Push(field.MessageType);
                }
                else if (field.FieldType == FieldType.Enum)
                {
                    reached.Add(field.EnumType.FullName);
                }
            }
        }
        return reached;
    }

    private static string Yes(bool value) => value ? "yes" : "";

    private static string Row(params string[] columns) => string.Join('\t', columns);
}
