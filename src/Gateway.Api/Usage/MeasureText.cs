using Gateway.Store.Usage;

namespace Gateway.Api.Usage;

/// <summary>What is counted, in words.</summary>
internal static class MeasureText
{
    /// <summary>A measure as people call it, such as <c>prompt tokens</c>.</summary>
    public static string Of(UsageMeasure measure) => measure switch
    {
        UsageMeasure.Requests => "requests",
        UsageMeasure.Inputs => "inputs",
        UsageMeasure.Bytes => "bytes",
        UsageMeasure.PromptTokens => "prompt tokens",
        UsageMeasure.CompletionTokens => "completion tokens",
        _ => "cached tokens",
    };

    /// <summary>A measure as a metric's label has it, such as <c>prompt_tokens</c>.</summary>
    public static string LabelOf(UsageMeasure measure) => Of(measure).Replace(' ', '_');
}
