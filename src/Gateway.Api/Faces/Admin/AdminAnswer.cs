using System.Globalization;
using System.Text.Json.Nodes;
using Gateway.Api.Stored;
using Gateway.Store;

namespace Gateway.Api.Faces.Admin;

/// <summary>What an operation of the admin API answers.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Body">The body; null for none.</param>
internal sealed record AdminAnswer(int Status, JsonObject? Body = null)
{
    /// <summary>The version of what is answered, for its ETag; null where it has none.</summary>
    public long? Version { get; init; }

    /// <summary>Where what was made is; null where nothing was.</summary>
    public string? Location { get; init; }

    /// <summary>Why there is no such answer; null where there is one.</summary>
    public AdminProblem? Problem { get; init; }

    /// <summary>Whether it was given before, to the same request under the same key.</summary>
    public bool IsRepeated { get; init; }

    /// <summary>Writes an answer that is not held in memory whole; null for one that is.</summary>
    public Func<HttpContext, Task>? WriteAsync { get; init; }

    public static implicit operator AdminAnswer(AdminProblem problem) => new(problem.Status) { Problem = problem };

    public static implicit operator AdminAnswer(OperationFault fault) => AdminProblem.Of(fault);

    /// <summary>Answers what an operation came to.</summary>
    /// <param name="result">The operation's result.</param>
    /// <param name="toJson">What is answered of the thing.</param>
    /// <param name="version">The thing's version.</param>
    /// <param name="location">Where the thing is, if it is new.</param>
    public static AdminAnswer Of<T>(
        OperationResult<T> result, Func<T, JsonObject> toJson, Func<T, long>? version = null, Func<T, string>? location = null)
        where T : class => result is { Value: { } value }
        ? new AdminAnswer(result.IsNew ? StatusCodes.Status201Created : StatusCodes.Status200OK, toJson(value))
        {
            Version = version?.Invoke(value),
            Location = result.IsNew ? location?.Invoke(value) : null,
        }
        : result.Fault!;

    /// <summary>Answers that something is gone.</summary>
    public static AdminAnswer Gone<T>(OperationResult<T> result)
        where T : class => result.Fault is { } fault ? fault : new AdminAnswer(StatusCodes.Status204NoContent);

    /// <summary>The answer as a text that can be kept: it may hold a key.</summary>
    public SecretText ToKept() => new(new JsonObject
    {
        ["status"] = Status,
        ["version"] = Version,
        ["location"] = Location,
        ["body"] = Body?.DeepClone(),
    }.ToJsonString());

    /// <summary>The answer of a text that was kept.</summary>
    public static AdminAnswer OfKept(SecretText kept)
    {
        var json = JsonNode.Parse(kept.Reveal())!;
        return new AdminAnswer((int)json["status"]!, json["body"]?.DeepClone().AsObject())
        {
            Version = (long?)json["version"],
            Location = (string?)json["location"],
            IsRepeated = true,
        };
    }

    /// <summary>The ETag of a version.</summary>
    public static string TagOf(long version) => string.Create(CultureInfo.InvariantCulture, $"\"{version}\"");
}
