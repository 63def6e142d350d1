namespace Gateway.Api.Configuration;

/// <summary>The OpenAI face.</summary>
internal sealed class OpenAiOptions
{
    /// <summary>
    /// Names for models, with what each stands for: <c>https://clarifai.com/user/app/models/id</c>, <c>user/app/models/id</c> (both with
    /// <c>/versions/id</c>, if need be), or <c>id</c> in the tenant's own user and app. A name may have colons, as in <c>llama3:8b</c>.
    /// </summary>
    public Dictionary<string, string> Aliases { get; set; } = new(StringComparer.Ordinal);
}
