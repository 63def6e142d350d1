using Clarifai.Api;
using Google.Protobuf.Reflection;

namespace Gateway.Api.Models;

/// <summary>The kinds of methods by the API's names, such as <c>UNARY_STREAMING</c>.</summary>
internal static class KindText
{
    private static readonly EnumDescriptor Kinds = ModelTypeReflection.Descriptor.EnumTypes.Single(
        type => type.Name == nameof(RunnerMethodType));

    /// <summary>The name of a kind.</summary>
    public static string Of(RunnerMethodType kind) => Kinds.FindValueByNumber((int)kind)?.Name ?? "UNKNOWN";
}
