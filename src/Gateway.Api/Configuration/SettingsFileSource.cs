using Microsoft.Extensions.Configuration.Json;

namespace Gateway.Api.Configuration;

/// <summary>A JSON file of settings that a <see cref="SettingsWatch"/> keeps up to date.</summary>
internal sealed class SettingsFileSource : JsonConfigurationSource
{
    /// <summary>Takes the place of the host's own source, which is told of changes by the file's folder alone.</summary>
    public SettingsFileSource(JsonConfigurationSource file)
    {
        FileProvider = file.FileProvider;
        Path = file.Path!;
        Optional = file.Optional;
        ReloadOnChange = false;
    }

    public override IConfigurationProvider Build(IConfigurationBuilder builder)
    {
        EnsureDefaults(builder);
        return new SettingsFile(this);
    }
}
