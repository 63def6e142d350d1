using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Clarifai.Api;
using Clarifai.Api.Status;
using Gateway.Api.Tests.Support;
using Gateway.Testing.Grpc;
using Google.Protobuf;
using static Gateway.Api.Tests.Faces.Methods.MethodUpstream;
using DataType = Clarifai.Api.ModelTypeField.Types.DataType;
using Status = Clarifai.Api.Status.Status;
using Task = System.Threading.Tasks.Task;

namespace Gateway.Api.Tests.Faces.Methods;

/// <summary>Answers of an upstream whose results are no messages: an error in place of half a result.</summary>
public sealed class MalformedResultTests
{
    // A part that says that it is longer than it is.
    private static readonly byte[] Broken = [(Data.PartsFieldNumber << 3 | 2) & 0x7F | 0x80, Data.PartsFieldNumber >> 4, 0x7F];

    [Theory]
    [InlineData(DataType.Str, "/v2/models/m/methods/predict", "{}", HttpStatusCode.BadGateway)]
    [InlineData(DataType.List, "/v2/models/m/methods/predict", "[{}]", HttpStatusCode.BadGateway)]
    public async Task Result_Malformed_IsAnError(DataType type, string path, string body, HttpStatusCode status)
    {
        await using var upstream = await RecordingUpstream.StartAsync(call => AnswerAsync(call, type));
        await using var gateway = GatewayHost.Start(upstream.Address);
        using var client = gateway.CreateClientWithKey();

        using var response = await client.PostAsync(path, new StringContent(body, Encoding.UTF8, "application/json"));
        var answer = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;

        Assert.Equal(status, response.StatusCode);
        Assert.NotEqual((int)StatusCode.Success, (int)answer["status"]!["code"]!);
    }

    private static async Task<GrpcStatus> AnswerAsync(GrpcServerCall call, DataType type)
    {
        await call.ReadSingleAsync();
        await call.WriteAsync(call.Path.EndsWith("PostModelOutputs", StringComparison.Ordinal) ? Answer() : Description(type));
        return GrpcStatus.DefaultSuccess;
    }

    // An output whose data is broken, by hand: no class can write it.
    private static byte[] Answer()
    {
        using var bytes = new MemoryStream();
        using (var output = new CodedOutputStream(bytes, leaveOpen: true))
        {
            var broken = new MemoryStream();
            using (var inner = new CodedOutputStream(broken, leaveOpen: true))
            {
                inner.WriteTag(Clarifai.Api.Output.DataFieldNumber, WireFormat.WireType.LengthDelimited);
                inner.WriteBytes(ByteString.CopyFrom(Broken));
            }

            output.WriteTag(MultiOutputResponse.StatusFieldNumber, WireFormat.WireType.LengthDelimited);
            output.WriteMessage(new Status { Code = StatusCode.Success });
            output.WriteTag(MultiOutputResponse.OutputsFieldNumber, WireFormat.WireType.LengthDelimited);
            output.WriteBytes(ByteString.CopyFrom(broken.ToArray()));
        }

        return bytes.ToArray();
    }

    private static byte[] Description(DataType type)
    {
        var result = Field("return", type);
        result.TypeArgs.Add(Field("", DataType.Str));
        return new SingleModelResponse
        {
            Status = new Status { Code = StatusCode.Success },
            Model = new Model { ModelVersion = new ModelVersion { Id = "v1", MethodSignatures = { Signature("predict", [], [result]) } } },
        }.ToByteArray();
    }
}
