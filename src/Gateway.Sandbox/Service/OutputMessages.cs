using Clarifai.Api;
using Clarifai.Api.Status;
using Gateway.Sandbox.Models;
using Google.Protobuf.WellKnownTypes;

namespace Gateway.Sandbox.Service;

/// <summary>The API's messages about what a model answered.</summary>
internal sealed class OutputMessages(ResourceMessages resources, TimeProvider time)
{
    /// <summary>One answer to one input.</summary>
    public Output Output(Inference prediction, SandboxModel model, ResourceOwner owner, Input input)
    {
        var output = new Output
        {
            Id = NewId(),
            Status = prediction.Failure is { } failure ? ApiStatus.Of(failure) : ApiStatus.Ok(),
            CreatedAt = Now(),
            Model = resources.Model(model, owner),
            Input = Echo(input),
            PromptTokens = (uint)prediction.PromptTokens,
            CompletionTokens = (uint)prediction.CompletionTokens,
        };
        if (prediction.Failure is null)
        {
            output.Data = prediction.Data;
        }

        return output;
    }

    /// <summary>What every node of a workflow answered to one input.</summary>
    public WorkflowResult Result(Input input, IEnumerable<Output> outputs, Status status) => new()
    {
        Id = NewId(),
        Status = status,
        CreatedAt = Now(),
        Input = Echo(input),
        Outputs = { outputs },
    };

    /// <summary>
    /// An input as answers repeat it: its id, or a new one, and its URL or text; not the bytes, which the caller has.
    /// </summary>
    private static Input Echo(Input input)
    {
        var echo = new Input { Id = input.Id.Length > 0 ? input.Id : NewId(), Data = new Data() };
        if (input.Data?.Image is { } image)
        {
            echo.Data.Image = new Image { Url = image.Url };
        }

        if (input.Data?.Text is { } text)
        {
            echo.Data.Text = new Clarifai.Api.Text { Raw = text.Raw, Url = text.Url };
        }

        return echo;
    }

    private static string NewId() => Guid.NewGuid().ToString("N");

    private Timestamp Now() => time.GetUtcNow().ToTimestamp();
}
