using Clarifai.Api;
using Clarifai.Api.Status;

namespace Gateway.Sandbox.Tests.Service;

/// <summary>Values as Clarifai's SDK answers them: an empty one is a part without data.</summary>
public class EmptyValueTests
{
    [Theory]
    [InlineData("str", "{ }", """{ "id": "return" }""")]
    [InlineData("int", """{ "intValue": "0" }""", """{ "id": "return" }""")]
    [InlineData("words", "{ }", """{ "id": "return" }""")]
    [InlineData("words", """{ "parts": [ { "data": { "stringValue": "a" } }, { "data": { } } ] }""", """{ "data": { "parts": [ { "data": { "stringValue": "a" } }, { } ] }, "id": "return" }""")]
    [InlineData("json", """{ "structValue": { "a": 1 }, "stringValue": "{\"a\":1}" }""", """{ "data": { "structValue": { "a": 1 } }, "id": "return" }""")]
    public async Task Echo_OfAValue_IsAPart(string type, string value, string part)
    {
        await using var sandbox = await SandboxClient.StartAsync();

        var response = await sandbox.PredictAsync(Requests.Of("argument-echo", Requests.Method($"echo_{type}", ("value", Data.Parser.ParseJson(value)))));

        Assert.Equal(StatusCode.Success, response.Status.Code);
        Assert.Equal(Part.Parser.ParseJson(part), Assert.Single(response.Outputs[0].Data.Parts));
    }
}
