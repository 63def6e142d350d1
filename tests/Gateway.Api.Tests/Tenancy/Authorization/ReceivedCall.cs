using System.Collections.Concurrent;
using Clarifai.Api;
using Google.Protobuf;

namespace Gateway.Api.Tests.Tenancy.Authorization;

/// <summary>A call that reached the upstream.</summary>
internal sealed class ReceivedCall(string rpc, Metadata headers)
{
    // Credentials of clients, what servers take for another request than it is, and choices that the gateway cannot check.
    private static readonly string[] NobodysHeaders =
        ["x-clarifai-session-token", "x-http-method-override", "x-http-method", "x-method-override", "x-original-url", "x-rewrite-url", "cookie"];

    private static readonly string[] Runs = ["PostModelOutputs", "GenerateModelOutputs", "StreamModelOutputs"];

    private readonly ConcurrentQueue<byte[]> _messages = [];

    public string Rpc => rpc;

    /// <summary>How many messages came.</summary>
    public int Messages => _messages.Count;

    public void Add(ReadOnlyMemory<byte> message) => _messages.Enqueue(message.ToArray());

    /// <summary>Whether a text is in the messages.</summary>
    public bool Names(string text) => _messages.Any(message => message.AsSpan().IndexOf(System.Text.Encoding.UTF8.GetBytes(text)) >= 0);

    /// <summary>What is wrong with the call, coming from whoever a policy is about; null when nothing is.</summary>
    public string? FaultOf(Policy policy) =>
        headers.GetValue("authorization") != "Key p" ? "comes with another key"
        : NobodysHeaders.FirstOrDefault(header => headers.GetValue(header) is not null) is { } header ? $"comes with {header}"
        : policy.IsRestricted && headers.Any(entry => entry.Key.Contains("deployment", StringComparison.Ordinal)) ? "comes with a choice of a deployment"
        : Parse() is not { } messages || IsLookup(policy, messages) ? null
        : policy.FaultOf(rpc, messages);

    // Null for messages that no server makes anything of.
    private List<IMessage>? Parse()
    {
        var parser = V2.Descriptor.FindMethodByName(rpc).InputType.Parser;
        try
        {
            return [.. _messages.Select(message => parser.ParseFrom(message))];
        }
        catch (InvalidProtocolBufferException)
        {
            return null;
        }
    }

    // To run a model the gateway asks for its methods; who may run it gets to know them.
    private bool IsLookup(Policy policy, List<IMessage> messages) =>
        rpc is "GetModel" or "GetModelVersion"
        && Runs.Any(run => policy.MayCall(run) && messages.TrueForAll(message => policy.FaultOf(run, [ToPrediction(message)]) is null));

    private static PostModelOutputsRequest ToPrediction(IMessage message) => message switch
    {
        GetModelRequest get => new PostModelOutputsRequest { UserAppId = get.UserAppId, ModelId = get.ModelId },
        GetModelVersionRequest get => new PostModelOutputsRequest { UserAppId = get.UserAppId, ModelId = get.ModelId, VersionId = get.VersionId },
        _ => throw new ArgumentException("neither of the two", nameof(message)),
    };
}
