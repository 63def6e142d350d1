using Clarifai.Api;
using Gateway.Protos;
using Google.Protobuf.Reflection;

namespace Gateway.Api.Models;

/// <summary>The kinds of methods by the API's names, such as <c>UNARY_STREAMING</c>.</summary>
internal static class KindText
{
    private static readonly EnumDescriptor Kinds = ApiDescriptors.Enum("clarifai.api.RunnerMethodType");

    /// <summary>The name of a kind.</summary>
    public static string Of(RunnerMethodType kind) => Kinds.FindValueByNumber((int)kind)?.Name ?? "UNKNOWN";
}
