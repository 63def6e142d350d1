using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using Clarifai.Api;
using Gateway.Core.Schema;
using Google.Protobuf.Reflection;

namespace Gateway.Api.Usage;

/// <summary>
/// Where the messages of an RPC that runs models have what is counted. Found by the descriptors: the request has inputs, and the response
/// outputs. Reads wire bytes, and makes no objects of them.
/// </summary>
internal sealed class PredictionPlan
{
    /// <summary>The most characters that a name of a model or workflow has; longer ones are not told apart.</summary>
    public const int MaxNameLength = 200;

    private const string WorkflowMark = "workflows/";
    private const string InputName = "clarifai.api.Input";
    private const string OutputName = "clarifai.api.Output";

    private readonly int _inputs;
    private readonly int _userApp;
    private readonly int _id;
    private readonly string _mark;
    private readonly ImmutableArray<int> _outputs;

    private PredictionPlan(RpcPlan rpc, FieldDescriptor inputs, FieldDescriptor id, ImmutableArray<int> outputs)
    {
        _inputs = inputs.FieldNumber;
        _userApp = rpc.RequestUserApp?.Number ?? 0;
        _id = id.FieldNumber;
        _mark = id.Name == "workflow_id" ? WorkflowMark : "";
        _outputs = outputs;
    }

    /// <summary>Compiles the plan of an RPC; null for one that runs no model.</summary>
    public static PredictionPlan? Of(RpcPlan rpc)
    {
        var request = rpc.Request.Descriptor;
        return request.FindFieldByName("inputs") is { IsRepeated: true, FieldType: FieldType.Message } inputs
            && inputs.MessageType.FullName == InputName
            && (request.FindFieldByName("model_id") ?? request.FindFieldByName("workflow_id")) is { } id
            && PathToOutputs(rpc.Response.Descriptor) is { IsDefault: false } outputs
            ? new PredictionPlan(rpc, inputs, id, outputs)
            : null;
    }

    /// <summary>Reads a request. What is malformed is not read on: the upstream does not take it either.</summary>
    /// <param name="request">The wire bytes, in as many pieces as they are.</param>
    /// <param name="name">Gets the name of the model: <see cref="MaxNameLength"/> characters.</param>
    /// <param name="length">The length of the name; -1 when it does not fit.</param>
    /// <returns>The number of inputs.</returns>
    public int Read(in ReadOnlySequence<byte> request, Span<char> name, out int length)
    {
        var inputs = 0;
        ReadOnlySequence<byte> user = default, app = default, id = default;
        var fields = new SequenceFields(request);
        while (fields.TryRead(out var number, out var value))
        {
            if (number == _inputs)
            {
                inputs++;
            }
            else if (number == _id)
            {
                id = value;
            }
            else if (number == _userApp)
            {
                ReadOwner(value, ref user, ref app);
            }
        }

        length = Write(name, user, app, id);
        return inputs;
    }

    /// <summary>Reads the tokens that an answer tells.</summary>
    public OutputTokens ReadTokens(ReadOnlySpan<byte> answer) => OutputTokens.Read(answer, _outputs.AsSpan());

    // The last that is said counts, part by part, as protobuf merges messages.
    private static void ReadOwner(in ReadOnlySequence<byte> userApp, ref ReadOnlySequence<byte> user, ref ReadOnlySequence<byte> app)
    {
        var fields = new SequenceFields(userApp);
        while (fields.TryRead(out var number, out var value))
        {
            if (number == UserAppIDSet.UserIdFieldNumber)
            {
                user = value;
            }
            else if (number == UserAppIDSet.AppIdFieldNumber)
            {
                app = value;
            }
        }
    }

    // user/app/id, or the id alone. UTF-8 has at least as many bytes as UTF-16 has characters.
    private int Write(
        Span<char> name, in ReadOnlySequence<byte> user, in ReadOnlySequence<byte> app, in ReadOnlySequence<byte> id)
    {
        if (user.Length + app.Length + id.Length + _mark.Length + 2 > name.Length)
        {
            return -1;
        }

        var at = 0;
        if (!user.IsEmpty || !app.IsEmpty)
        {
            at += Encoding.UTF8.GetChars(user, name);
            name[at++] = '/';
            at += Encoding.UTF8.GetChars(app, name[at..]);
            name[at++] = '/';
        }

        _mark.CopyTo(name[at..]);
        at += _mark.Length;
        return at + Encoding.UTF8.GetChars(id, name[at..]);
    }

    private static ImmutableArray<int> PathToOutputs(MessageDescriptor response)
    {
        foreach (var field in Lists(response))
        {
            if (field.MessageType.FullName == OutputName)
            {
                return [field.FieldNumber];
            }

            if (Lists(field.MessageType).FirstOrDefault(inner => inner.MessageType.FullName == OutputName) is { } outputs)
            {
                return [field.FieldNumber, outputs.FieldNumber];
            }
        }

        return default;
    }

    private static IEnumerable<FieldDescriptor> Lists(MessageDescriptor message) =>
        message.Fields.InFieldNumberOrder().Where(field => field is { IsRepeated: true, IsMap: false, FieldType: FieldType.Message });
}
