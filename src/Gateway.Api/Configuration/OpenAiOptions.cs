namespace Gateway.Api.Configuration;

/// <summary>The OpenAI face.</summary>
internal sealed class OpenAiOptions
{
    /// <summary>
    /// Names for models, with what each stands for: <c>https://clarifai.com/user/app/models/id</c>, <c>user/app/models/id</c> (both with
    /// <c>/versions/id</c>, if need be), or <c>id</c> in the tenant's own user and app. A name may have colons, as in <c>llama3:8b</c>.
    /// </summary>
    public Dictionary<string, string> Aliases { get; set; } = new(StringComparer.Ordinal);

    /// <summary>Whether the list of models has those of the upstream, besides the aliases.</summary>
    public bool ListModels { get; set; } = true;

    /// <summary>Whether the face is at <c>/v1</c> as well, where many clients expect it.</summary>
    public bool AtRoot { get; set; } = true;
}
