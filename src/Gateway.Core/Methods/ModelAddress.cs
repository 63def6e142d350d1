namespace Gateway.Core.Methods;

/// <summary>Where a model is.</summary>
/// <param name="UserId">The user or organisation that owns it; empty for the key's own.</param>
/// <param name="AppId">Its app; empty for the key's own.</param>
/// <param name="ModelId">The model.</param>
/// <param name="VersionId">The version; empty for the latest.</param>
public readonly record struct ModelAddress(string UserId, string AppId, string ModelId, string VersionId)
{
    private const string Site = "https://clarifai.com/";

    /// <summary>
    /// Reads a model's address as Clarifai writes it in one text:
    /// <code>
    ///   address = [ "https://clarifai.com/" ] user "/" app "/models/" model [ "/versions/" version ]
    ///           / model
    /// </code>
    /// In a URL, ids may be percent-encoded (RFC 3986, 2.1). None is empty or nothing but white space.
    /// </summary>
    /// <returns>False when the text is none.</returns>
    public static bool TryParse(string text, out ModelAddress address)
    {
        var isUrl = text.StartsWith(Site, StringComparison.OrdinalIgnoreCase);
        var parts = (isUrl ? text[Site.Length..].TrimEnd('/') : text).Split('/');
        if (isUrl)
        {
            parts = Array.ConvertAll(parts, Uri.UnescapeDataString);
        }

        address = parts switch
        {
            [var model] when !isUrl => new ModelAddress("", "", model, ""),
            [var user, var app, "models", var model] => new ModelAddress(user, app, model, ""),
            [var user, var app, "models", var model, "versions", var version] => new ModelAddress(user, app, model, version),
            _ => default,
        };
        return address.ModelId is not null && !Array.Exists(parts, string.IsNullOrWhiteSpace);
    }

    /// <summary>The address without its site, as <see cref="TryParse"/> reads it.</summary>
    public override string ToString()
    {
        var model = UserId.Length + AppId.Length == 0 ? ModelId : $"{UserId}/{AppId}/models/{ModelId}";
        return VersionId.Length == 0 ? model : $"{model}/versions/{VersionId}";
    }
}
