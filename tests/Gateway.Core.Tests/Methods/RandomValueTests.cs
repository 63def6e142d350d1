using System.Text.Json;
using System.Text.Json.Nodes;
using Clarifai.Api;
using Gateway.Core.Json;
using Gateway.Core.Methods;
using Gateway.Core.Methods.Values;
using Google.Protobuf;
using DataType = Clarifai.Api.ModelTypeField.Types.DataType;

namespace Gateway.Core.Tests.Methods;

/// <summary>Random values for random types: none throws, and what is read is written as what reads the same again.</summary>
public sealed class RandomValueTests
{
    private const int Cases = 4000;

    private static readonly DataType[] Leaves =
    [
        DataType.Str, DataType.Bytes, DataType.Int, DataType.Float, DataType.Bool, DataType.Ndarray, DataType.JsonData, DataType.Text,
        DataType.Image, DataType.Audio, DataType.Video, DataType.Concept, DataType.Region, DataType.Frame,
    ];

    private static readonly MessageJson Messages = new(ArgumentText.Schema, JsonLimits.Default);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Value_Read_IsWrittenAsWhatReadsTheSame(int seed)
    {
        var random = new Random(seed);
        var read = 0;
        for (var i = 0; i < Cases; i++)
        {
            var type = RandomType(random, 0);
            var method = Method(type);
            var value = RandomValue(random, type, 0);
            if (Read(method, value) is not { } input)
            {
                continue;
            }

            read++;
            Assert.Equal(input, ArgumentText.Read(method, Text(value), chunk: random.Next(1, 8)));
            var result = Written(method, input);
            var again = Read(method, result);
            if (again is null || !WithoutJsonText(input.Data).Equals(WithoutJsonText(again.Data)))
            {
                Assert.Fail($"{type}: {value.ToJsonString()} was written as {result.ToJsonString()}, which is {(again is null ? "refused" : "another value")}");
            }
        }

        Assert.InRange(read, Cases / 4, Cases);
    }

    // JSON is there as a struct, too; as text, it may be spelled another way.
    private static Data WithoutJsonText(Data data)
    {
        data.StringValue = data.StructValue is null ? data.StringValue : "";
        foreach (var part in data.Parts)
        {
            WithoutJsonText(part.Data);
        }

        return data;
    }

    private static ModelMethod Method(ModelTypeField type) => new(new MethodSignature { Name = "m", InputFields = { type }, OutputFields = { type } });

    // Null where the value does not fit its type, which is no fault.
    private static Input? Read(ModelMethod method, JsonNode value)
    {
        var input = ArgumentText.Read(method, Text(value));
        if (input is null)
        {
            Assert.NotNull(ArgumentText.ErrorIn(method, Text(value), chunk: 3));
        }

        return input;
    }

    private static string Text(JsonNode value) => new JsonObject { ["value"] = value.DeepClone() }.ToJsonString();

    private static JsonNode Written(ModelMethod method, Input input)
    {
        using var text = new MemoryStream();
        using (var json = new Utf8JsonWriter(text))
        {
            Assert.True(new ResultWriter(Messages).TryWrite(method, input.Data.ToByteArray(), json));
        }

        return JsonNode.Parse(text.ToArray())!;
    }

    private static ModelTypeField RandomType(Random random, int depth)
    {
        var type = new ModelTypeField { Name = "value", Required = true };
        switch (depth < 3 ? random.Next(8) : 7)
        {
            case 0:
                type.Type = DataType.List;
                type.TypeArgs.Add(RandomType(random, depth + 1));
                break;
            case 1:
                type.Type = DataType.Tuple;
                for (var i = random.Next(4); i > 0; i--)
                {
                    type.TypeArgs.Add(RandomType(random, depth + 1));
                }

                break;
            case 2:
                type.Type = DataType.NamedFields;
                for (var i = random.Next(4); i > 0; i--)
                {
                    var field = RandomType(random, depth + 1);
                    field.Name = $"field{i}";
                    type.TypeArgs.Add(field);
                }

                break;
            default:
                type.Type = Leaves[random.Next(Leaves.Length)];
                break;
        }

        return type;
    }

    // Mostly of the type, now and then of any other.
    private static JsonNode RandomValue(Random random, ModelTypeField type, int depth) => random.Next(40) == 0 ? RandomJson(random, depth) : type.Type switch
    {
        DataType.Str or DataType.Text => RandomText(random),
        DataType.Bytes => Convert.ToBase64String(RandomBytes(random)),
        DataType.Int => random.NextInt64(long.MinValue, long.MaxValue),
        DataType.Float => random.Next(10) == 0 ? "NaN" : (random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-300, 300)),
        DataType.Bool => random.Next(2) == 0,
        DataType.Ndarray => RandomArray(random),
        DataType.JsonData => random.Next(2) == 0 ? new JsonArray(RandomJson(random, depth)) : new JsonObject { [RandomText(random)] = RandomJson(random, depth) },
        DataType.Image or DataType.Audio or DataType.Video => random.Next(3) switch
        {
            0 => "https://example.com/" + random.Next(),
            1 => $"data:image/png;base64,{Convert.ToBase64String(RandomBytes(random))}",
            _ => new JsonObject { ["base64"] = Convert.ToBase64String(RandomBytes(random)) },
        },
        DataType.Concept => new JsonObject { ["id"] = RandomText(random), ["value"] = random.NextSingle() },
        DataType.Region => new JsonObject { ["id"] = RandomText(random), ["data"] = new JsonObject { ["concepts"] = new JsonArray(new JsonObject { ["id"] = "c", ["value"] = 0 }) } },
        DataType.Frame => new JsonObject { ["frame_info"] = new JsonObject { ["index"] = random.Next() } },
        DataType.List => new JsonArray([.. Enumerable.Range(0, random.Next(4)).Select(_ => RandomValue(random, type.TypeArgs[0], depth + 1))]),
        DataType.Tuple => new JsonArray([.. type.TypeArgs.Select(item => RandomValue(random, item, depth + 1))]),
        _ => new JsonObject(type.TypeArgs.Select(field => KeyValuePair.Create(field.Name, (JsonNode?)RandomValue(random, field, depth + 1)))),
    };

    private static JsonObject RandomArray(Random random)
    {
        var shape = Enumerable.Range(0, random.Next(4)).Select(_ => random.Next(4)).ToArray();
        var elements = shape.Aggregate(1, (all, length) => all * length);
        string[] types = ["int8", "uint16", "int32", "int64", "uint64", "float16", "float32", "float64"];
        return new JsonObject
        {
            ["dtype"] = types[random.Next(types.Length)],
            ["shape"] = new JsonArray([.. shape.Select(length => (JsonNode)length)]),
            ["data"] = new JsonArray([.. Enumerable.Range(0, elements).Select(_ => (JsonNode)random.Next(128))]),
        };
    }

    private static JsonNode RandomJson(Random random, int depth) => random.Next(depth > 4 ? 4 : 6) switch
    {
        0 => RandomText(random),
        1 => random.Next(),
        2 => random.NextDouble(),
        3 => random.Next(2) == 0,
        4 => new JsonArray([.. Enumerable.Range(0, random.Next(3)).Select(_ => RandomJson(random, depth + 1))]),
        _ => new JsonObject { [RandomText(random)] = RandomJson(random, depth + 1) },
    };

    private static string RandomText(Random random) => string.Concat(Enumerable.Range(0, random.Next(6)).Select(_ => char.ConvertFromUtf32(random.Next(1, 0xd7ff))));

    private static byte[] RandomBytes(Random random)
    {
        var bytes = new byte[random.Next(1, 9)];
        random.NextBytes(bytes);
        return bytes;
    }
}
