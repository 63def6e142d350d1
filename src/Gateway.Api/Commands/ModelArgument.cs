using System.CommandLine;
using Gateway.Api.Hosting;
using Gateway.Core.Methods;

namespace Gateway.Api.Commands;

/// <summary>The argument MODEL.</summary>
internal static class ModelArgument
{
    /// <summary>The argument.</summary>
    public static Argument<string> Create() => new("MODEL")
    {
        Description = "An id of your own app (or of the sandbox), user/app/models/id, or https://clarifai.com/user/app/models/id.",
    };

    /// <summary>The path of a model's routes.</summary>
    /// <exception cref="CommandFault">The text is no model's address.</exception>
    public static string PathOf(string text)
    {
        if (!ModelAddress.TryParse(text, out var model))
        {
            throw new CommandFault(
                "MODEL is an id, user/app/models/id or https://clarifai.com/user/app/models/id, each perhaps with /versions/id.",
                Arguments.ExitCode);
        }

        var owner = model.UserId.Length == 0 ? "" : $"users/{Uri.EscapeDataString(model.UserId)}/apps/{Uri.EscapeDataString(model.AppId)}/";
        var version = model.VersionId.Length == 0 ? "" : $"/versions/{Uri.EscapeDataString(model.VersionId)}";
        return $"v2/{owner}models/{Uri.EscapeDataString(model.ModelId)}{version}";
    }
}
