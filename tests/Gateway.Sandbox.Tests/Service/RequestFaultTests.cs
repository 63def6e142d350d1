using static Gateway.Sandbox.Tests.Service.OpenAiChat;

namespace Gateway.Sandbox.Tests.Service;

/// <summary>Which member of a request is told to be at fault.</summary>
public class RequestFaultTests
{
    private const string User = """{"role":"user","content":"a"}""";

    [Theory]
    [InlineData(""" "max_tokens":"5" """, "max_tokens")]
    [InlineData(""" "max_tokens":2.5 """, "max_tokens")]
    [InlineData(""" "max_tokens":1e400 """, "max_tokens")]
    [InlineData(""" "max_completion_tokens":0 """, "max_completion_tokens")]
    [InlineData(""" "temperature":"1" """, "temperature")]
    [InlineData(""" "temperature":1e400 """, "temperature")]
    [InlineData(""" "top_p":1.1 """, "top_p")]
    [InlineData(""" "top_p":true """, "top_p")]
    [InlineData(""" "presence_penalty":-2.1 """, "presence_penalty")]
    [InlineData(""" "frequency_penalty":[] """, "frequency_penalty")]
    [InlineData(""" "seed":0.5 """, "seed")]
    [InlineData(""" "seed":"1" """, "seed")]
    [InlineData(""" "stream_options":true """, "stream_options")]
    [InlineData(""" "stream_options":{"include_usage":1} """, "stream_options.include_usage")]
    [InlineData(""" "logprobs":true """, "logprobs")]
    [InlineData(""" "top_logprobs":2 """, "top_logprobs")]
    [InlineData(""" "functions":[] """, "functions")]
    [InlineData(""" "function_call":"auto" """, "function_call")]
    [InlineData(""" "tools":{} """, "tools")]
    [InlineData(""" "tools":[5] """, "tools[0].type")]
    [InlineData(""" "tools":[{"function":{"name":"f"}}] """, "tools[0].type")]
    [InlineData(""" "tools":[{"type":"function"}] """, "tools[0].function.name")]
    [InlineData(""" "tools":[{"type":"function","function":{"name":"a b"}}] """, "tools[0].function.name")]
    [InlineData(""" "tools":[{"type":"function","function":{"name":"f"}},{"type":"function","function":{"name":"f"}}] """, "tools[1].function.name")]
    [InlineData(""" "tools":[{"type":"function","function":{"name":"f","parameters":{"type":"array"}}}] """, "tools[0].function.parameters")]
    [InlineData(""" "tools":[{"type":"function","function":{"name":"f","parameters":[]}}] """, "tools[0].function.parameters")]
    public async Task Member_OfAWrongValue_IsNamed(string member, string parameter)
    {
        await using var sandbox = await SandboxClient.StartAsync();

        var answer = await SendAsync(sandbox, $$"""{"messages":[{{User}}],{{member}}}""");

        Assert.Equal((21313, parameter), ((int?)answer["code"], (string?)answer["param"]));
    }

    [Theory]
    [InlineData(""" "max_tokens":null,"max_completion_tokens":5.0,"seed":null,"top_p":null,"stream_options":null """)]
    [InlineData(""" "temperature":2,"top_p":0,"presence_penalty":-2,"frequency_penalty":2,"seed":-1,"stream_options":{} """)]
    [InlineData(""" "logprobs":false,"top_logprobs":0,"functions":null,"function_call":null,"tools":null,"tool_choice":null """)]
    [InlineData(""" "tools":[],"tool_choice":"none","parallel_tool_calls":false,"store":true,"metadata":{},"user":"u" """)]
    [InlineData(""" "tools":[{"type":"function","function":{"name":"f","parameters":null,"strict":null}}] """)]
    public async Task Member_AtItsLimitsOrNull_IsTaken(string member)
    {
        await using var sandbox = await SandboxClient.StartAsync();

        var answer = await SendAsync(sandbox, $$"""{"messages":[{{User}}],{{member}}}""");

        Assert.Equal("chat.completion", (string?)answer["object"]);
    }

    [Theory]
    [InlineData("5", "messages[1]")]
    [InlineData("null", "messages[1]")]
    [InlineData("""{"content":"a"}""", "messages[1].role")]
    [InlineData("""{"role":"robot","content":"a"}""", "messages[1].role")]
    [InlineData("""{"role":"user"}""", "messages[1].content")]
    [InlineData("""{"role":"system","content":null}""", "messages[1].content")]
    [InlineData("""{"role":"tool","content":"a"}""", "messages[1].tool_call_id")]
    [InlineData("""{"role":"tool","content":"a","tool_call_id":"1"}""", "messages[1].tool_call_id")]
    [InlineData("""{"role":"assistant","tool_calls":[{"id":"1"}]},{"role":"tool","content":"a","tool_call_id":"2"}""", "messages[2].tool_call_id")]
    [InlineData("""{"role":"user","content":"","tool_calls":[{"id":"1"}]},{"role":"tool","content":"a","tool_call_id":"1"}""", "messages[2].tool_call_id")]
    public async Task Message_ThatIsNone_IsNamed(string messages, string parameter)
    {
        await using var sandbox = await SandboxClient.StartAsync();

        var answer = await SendAsync(sandbox, $$"""{"messages":[{{User}},{{messages}}]}""");

        Assert.Equal((21313, parameter), ((int?)answer["code"], (string?)answer["param"]));
    }

    [Theory]
    [InlineData("""{"role":"developer","content":"a","name":"d"}""")]
    [InlineData("""{"role":"user","content":""}""")]
    [InlineData("""{"role":"assistant","content":null,"tool_calls":[{"id":"1"}]},{"role":"tool","content":"","tool_call_id":"1"}""")]
    public async Task Message_AsClientsSendThem_IsTaken(string messages)
    {
        await using var sandbox = await SandboxClient.StartAsync();

        var answer = await SendAsync(sandbox, $$"""{"messages":[{{messages}}]}""");

        Assert.Equal("chat.completion", (string?)answer["object"]);
    }

    [Theory]
    [InlineData(""" "model":"m" """, "input")]
    [InlineData(""" "input":5 """, "input")]
    [InlineData(""" "input":[] """, "input")]
    [InlineData(""" "input":[{"role":"user"}] """, "input[0].content")]
    [InlineData(""" "input":[{"type":"function_call_output","call_id":"1","output":"a"}] """, "input[0].call_id")]
    [InlineData(""" "input":"a","previous_response_id":"resp_1" """, "previous_response_id")]
    [InlineData(""" "input":"a","max_output_tokens":"5" """, "max_output_tokens")]
    [InlineData(""" "input":"a","top_p":2 """, "top_p")]
    [InlineData(""" "input":"a","top_logprobs":1 """, "top_logprobs")]
    [InlineData(""" "input":"a","tools":5 """, "tools")]
    [InlineData(""" "input":"a","tools":[{"type":"web_search"}] """, "tools[0].type")]
    [InlineData(""" "input":"a","tools":[{"type":"function","name":""}] """, "tools[0].name")]
    public async Task Response_OfAWrongMember_NamesIt(string members, string parameter)
    {
        await using var sandbox = await SandboxClient.StartAsync();
        var request = $$"""{"openai_endpoint":"/responses",{{members}}}""";

        var answer = await SendAsync(sandbox, request);
        var @event = Assert.Single(await StreamAsync(sandbox, request));

        Assert.Equal((21313, parameter), ((int?)answer["code"], (string?)answer["param"]));
        Assert.Equal(answer.ToJsonString(), @event.ToJsonString());
    }

    [Fact]
    public async Task Response_ThatRefersToItsCall_IsTaken()
    {
        await using var sandbox = await SandboxClient.StartAsync();

        var answer = await SendAsync(sandbox, """
            {"openai_endpoint":"/responses",
             "input":[{"role":"user","content":"a"},{"type":"item_reference","id":"fc_1"},{"type":"function_call_output","call_id":"1","output":"rain"}]}
            """);

        Assert.StartsWith("rain", (string?)answer["output"]?[0]!["content"]![0]!["text"], StringComparison.Ordinal);
    }
}
