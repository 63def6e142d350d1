using static Gateway.Sandbox.Tests.Service.OpenAiChat;

namespace Gateway.Sandbox.Tests.Service;

public class ToolCallTests
{
    private const string Tools = """
        [{"type":"function","function":{"name":"get_weather","description":"How warm it is at a place.",
          "parameters":{"type":"object","properties":{"place":{"type":"string"},"unit":{"enum":["Celsius","Fahrenheit"]}},"required":["place"]}}},
         {"type":"function","function":{"name":"addNumbers","description":"The sum of two.",
          "parameters":{"type":"object","properties":{"a":{"type":"number"},"b":{"type":"integer"}},"required":["a","b"]}}},
         {"type":"function","function":{"name":"now"}}]
        """;

    [Theory]
    [InlineData("What is the weather in New York?", "get_weather", """{"place":"New York","unit":"Celsius"}""")] // a word of its name
    [InlineData("Is it WARM in Oslo, in fahrenheit?", "get_weather", """{"place":"Oslo","unit":"Fahrenheit"}""")] // of its description
    [InlineData("Which places do you know?", "get_weather", """{"place":"Which places do you know?","unit":"Celsius"}""")] // of its parameters
    [InlineData("Which numbers are 2.5 and 40?", "addNumbers", """{"a":2.5,"b":40}""")]
    [InlineData("The sea is grey", null, null)]
    [InlineData("Get it for me", null, null)] // words that say nothing
    [InlineData("I know", null, null)] // no word, though it ends in a name
    public async Task Auto_CallsTheToolThatTheMessageIsAbout(string message, string? name, string? arguments)
    {
        await using var sandbox = await SandboxClient.StartAsync();

        var answer = await SendAsync(sandbox, $$"""{"messages":[{"role":"user","content":"{{message}}"}],"tools":{{Tools}}}""");

        Assert.Equal((name, arguments), CallOf(answer));
        Assert.Equal(name is not null, TextOf(answer).Reason == "tool_calls");
    }

    [Theory]
    [InlineData("\"required\"", "get_weather")]
    [InlineData("""{"type":"function","function":{"name":"now"}}""", "now")]
    [InlineData("\"none\"", null)]
    public async Task Choice_IsFollowed_WhateverTheMessage(string choice, string? name)
    {
        await using var sandbox = await SandboxClient.StartAsync();

        var answer = await SendAsync(sandbox, $$"""{"messages":[{"role":"user","content":"The sea"}],"tools":{{Tools}},"tool_choice":{{choice}}}""");

        Assert.Equal(name, CallOf(answer).Name);
    }

    [Theory]
    [InlineData("\"auto\"")]
    [InlineData("\"required\"")]
    public async Task Results_EndTheLoop_InTheText(string choice)
    {
        await using var sandbox = await SandboxClient.StartAsync();

        var answer = await SendAsync(sandbox, $$"""
            {"messages":[{"role":"user","content":"The weather in Oslo and Bergen?"},{"role":"assistant","content":null,"tool_calls":[{"id":"1"},{"id":"2"}]},
              {"role":"tool","tool_call_id":"1","content":"12 degrees"},{"role":"tool","tool_call_id":"2","content":[{"type":"text","text":"rain"}]}],
             "tools":{{Tools}},"tool_choice":{{choice}}}
            """);

        Assert.StartsWith("12 degrees\nrain", TextOf(answer).Text, StringComparison.Ordinal);
        Assert.Null(CallOf(answer).Name);
    }

    [Fact]
    public async Task NextQuestion_BehindAResult_IsCalledAgain()
    {
        await using var sandbox = await SandboxClient.StartAsync();

        var answer = await SendAsync(sandbox, $$"""
            {"messages":[{"role":"user","content":"weather?"},{"role":"assistant","tool_calls":[{"id":"1"}]},{"role":"tool","tool_call_id":"1","content":"rain"},{"role":"assistant","content":"rain"},{"role":"user","content":"weather in Bergen?"}],
             "tools":{{Tools}}}
            """);

        Assert.Equal("""{"place":"Bergen","unit":"Celsius"}""", CallOf(answer).Arguments);
    }

    [Fact]
    public async Task ParametersThatCannotBe_AreAnErrorThatNamesThem()
    {
        await using var sandbox = await SandboxClient.StartAsync();
        const string Function = """{"name":"f","strict":true,"parameters":{"type":"object","properties":{"a":{}}}}""";

        var chat = await SendAsync(sandbox, $$"""{"messages":[{"role":"user","content":"f"}],"tools":[{"type":"function","function":{{Function}}}]}""");
        var response = await SendAsync(sandbox, $$"""{"openai_endpoint":"/responses","input":"f","tools":[{"type":"function",{{Function[1..]}}]}""");

        Assert.Equal(("tools[0].function.parameters", "tools[0].parameters"), ((string?)chat["param"], (string?)response["param"]));
    }

    [Fact]
    public async Task Responses_CallTools_AndAnswerWithTheirResults()
    {
        await using var sandbox = await SandboxClient.StartAsync();
        const string Rest = """
            "openai_endpoint":"/responses","tools":[{"type":"function","name":"get_weather","parameters":{"type":"object","properties":{"place":{"type":"string"}}}}]
            """;

        var asked = $$"""{"input":"The weather in Oslo?",{{Rest}}}""";
        var call = (await SendAsync(sandbox, asked))["output"]![0]!;
        var events = await StreamAsync(sandbox, asked);
        var answer = await SendAsync(sandbox, $$"""
            {"input":[{"role":"user","content":"The weather in Oslo?"},{{call.ToJsonString()}},
              {"type":"function_call_output","call_id":"{{call["call_id"]}}","output":"12 degrees"}],{{Rest}}}
            """);

        Assert.Equal(("function_call", "get_weather", """{"place":"Oslo"}"""), ((string?)call["type"], (string?)call["name"], (string?)call["arguments"]));
        Assert.Equal("""{"place":"Oslo"}""", string.Concat(events.Select(one => (string?)one["type"] == "response.function_call_arguments.delta" ? (string?)one["delta"] : "")));
        Assert.Equal("response.completed", (string?)events[^1]["type"]);
        Assert.StartsWith("12 degrees", (string?)answer["output"]![0]!["content"]![0]!["text"], StringComparison.Ordinal);
    }
}
