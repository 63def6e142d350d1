using System.Globalization;
using Clarifai.Api;
using Clarifai.Api.Status;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace Gateway.Bench.Workloads;

/// <summary>Messages as the API's users send and get them. The same in every process and run.</summary>
public static class Samples
{
    public const string Model = "general-image-recognition";
    public const int ImageBytes = 8 * 1024 * 1024;

    private const int ConceptsPerOutput = 20;
    private const int Seed = 20240229;

    private static readonly string[] Words =
        ["train", "railway", "transportation system", "station", "travel", "commuter", "platform", "light", "urban", "blur", "no person", "city"];

    public static PostModelOutputsRequest Urls(int count)
    {
        var request = new PostModelOutputsRequest { ModelId = Model };
        for (var i = 0; i < count; i++)
        {
            request.Inputs.Add(new Input { Data = new Data { Image = new Image { Url = $"https://samples.clarifai.com/metro-north-{i}.jpg" } } });
        }

        return request;
    }

    public static PostModelOutputsRequest Image(int bytes)
    {
        var image = new byte[bytes];
        new Random(Seed).NextBytes(image);
        return new PostModelOutputsRequest
        {
            ModelId = Model,
            Inputs = { new Input { Data = new Data { Image = new Image { Base64 = UnsafeByteOperations.UnsafeWrap(image) } } } },
        };
    }

    public static PostModelOutputsRequest Prompt() => new()
    {
        ModelId = Model,
        Inputs = { new Input { Data = new Data { Text = new Text { Raw = "Tell me about lighthouses." } } } },
    };

    public static MultiOutputResponse Concepts(int outputs)
    {
        var random = new Random(Seed);
        var response = new MultiOutputResponse { Status = Success() };
        for (var i = 0; i < outputs; i++)
        {
            var output = new Output
            {
                Id = Id(random),
                Status = Success(),
                CreatedAt = Timestamp.FromDateTime(new DateTime(2024, 2, 29, 12, 0, 0, DateTimeKind.Utc)),
                Input = new Input { Id = Id(random), Data = new Data { Image = new Image { Url = $"https://samples.clarifai.com/metro-north-{i}.jpg" } } },
                Data = new Data(),
            };
            for (var k = 0; k < ConceptsPerOutput; k++)
            {
                output.Data.Concepts.Add(new Concept
                {
                    Id = "ai_" + random.Next(10_000_000, 99_999_999).ToString(CultureInfo.InvariantCulture),
                    Name = Words[random.Next(Words.Length)],
                    Value = random.NextSingle(),
                    AppId = "main",
                });
            }

            response.Outputs.Add(output);
        }

        return response;
    }

    public static IReadOnlyList<MultiOutputResponse> Tokens(int count)
    {
        var random = new Random(Seed);
        return
        [
            .. Enumerable.Range(0, count).Select(i => new MultiOutputResponse
            {
                Status = Success(),
                Outputs = { new Output { Id = "out", Status = Success(), Data = new Data { Text = new Text { Raw = " " + Words[random.Next(Words.Length)] } } } },
            }),
        ];
    }

    private static Status Success() => new() { Code = StatusCode.Success, Description = "Ok", ReqId = "4f6a1c0b2d3e4f5061728394a5b6c7d8" };

    private static string Id(Random random)
    {
        Span<byte> id = stackalloc byte[16];
        random.NextBytes(id);
        return Convert.ToHexStringLower(id);
    }
}
