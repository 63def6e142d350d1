using System.Buffers;
using System.Text;
using Clarifai.Api;
using Gateway.Core.Json;
using Gateway.Core.Methods;
using Gateway.Core.Methods.Values;
using Gateway.Core.Schema;
using Gateway.Core.Wire;

namespace Gateway.Core.Tests.Methods;

/// <summary>Arguments that are JSON, read as a call reads them.</summary>
internal static class ArgumentText
{
    public static readonly ApiSchema Schema = ApiSchema.Compile(ServiceReflection.Descriptor.Services[0], JsonDialect.Clarifai);

    public static readonly ArgumentPlans Plans = new(Schema, JsonLimits.Default);

    /// <summary>The input that a text is; null where it is none.</summary>
    public static Input? Read(ModelMethod method, string json, int chunk = int.MaxValue)
    {
        using var wire = new WireWriter();
        using var reader = new ArgumentReader(method, Plans, wire, ArrayPool<byte>.Shared, maxInputs: 0);
        Feed(reader, json, chunk);
        return reader.Error is null && reader.Wrong is null ? PostModelOutputsRequest.Parser.ParseFrom(wire.Written).Inputs.Single() : null;
    }

    /// <summary>What is wrong with a text; null when nothing is.</summary>
    public static string? ErrorIn(ModelMethod method, string json, int chunk = int.MaxValue)
    {
        using var wire = new WireWriter();
        using var reader = new ArgumentReader(method, Plans, wire, ArrayPool<byte>.Shared, maxInputs: 0);
        Feed(reader, json, chunk);
        return reader.Error?.ToString() ?? reader.Wrong?.ToString();
    }

    private static void Feed(ArgumentReader reader, string json, int chunk)
    {
        reader.Begin();
        foreach (var part in Encoding.UTF8.GetBytes(json).Chunk(chunk))
        {
            reader.Feed(part);
        }

        reader.Complete();
    }
}
