using Clarifai.Api;
using Clarifai.Api.Status;
using Gateway.Api.Tests.Faces.Mcp;
using Gateway.Api.Tests.Support;
using static Gateway.Api.Tests.Faces.Methods.MethodUpstream;
using DataType = Clarifai.Api.ModelTypeField.Types.DataType;
using Status = Clarifai.Api.Status.Status;
using Task = System.Threading.Tasks.Task;

namespace Gateway.Api.Tests.Errors;

/// <summary>A status of the upstream in one text, where a face has but one: whatever of it is there.</summary>
public sealed class ErrorTextTests
{
    [Theory]
    [InlineData("Failed", "boom", "Failed: boom")]
    [InlineData("", "boom", "boom")]
    [InlineData("Failed", "", "Failed")]
    [InlineData("", "", "Model prediction failed")]
    public async Task Status_OfAFailedModel_IsOneText(string description, string details, string text)
    {
        await using var upstream = await StartAsync(Signature("predict", [Field("prompt", DataType.Str)], [Field("return", DataType.Str)]));
        upstream.Run = _ => new Output { Status = new Status { Code = StatusCode.ModelPredictionFailed, Description = description, Details = details } };
        await using var gateway = GatewayHost.Start(upstream.Address);
        using var client = gateway.CreateClientWithKey();

        var answer = await McpPost.OfAsync(client, "/models/m", McpPost.Call("predict", """{"prompt":"x"}"""));

        Assert.StartsWith($"{text} (code 21313, ", (string?)answer.Last["result"]!["content"]![0]!["text"], StringComparison.Ordinal);
    }
}
