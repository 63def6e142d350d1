using Gateway.Api.Configuration;

namespace Gateway.Api.Stored;

/// <summary>Says what is wrong with the settings of the store, never by value.</summary>
internal static class StoreOptionsValidator
{
    private const string Section = "Gateway:Store";

    /// <summary>What is wrong with the settings by themselves.</summary>
    public static IEnumerable<string> Faults(StoreOptions store)
    {
        (string Name, string? Value, string Without)[] settings =
        [
            (nameof(store.Path), store.Path, $"leave it out for {StoreOptions.DefaultPath}"),
            (nameof(store.ConnectionString), store.ConnectionString, "leave it out for a store in a file"),
            (nameof(store.MasterKeyFile), store.MasterKeyFile, "leave it out for the file beside the store"),
            (nameof(store.CertificateFile), store.CertificateFile, "leave it out for a master key"),
            (nameof(store.CertificateKeyFile), store.CertificateKeyFile, "leave it out where the certificate's file has the key"),
        ];
        return settings.Where(setting => setting.Value is not null && string.IsNullOrWhiteSpace(setting.Value))
            .Select(setting => $"{Section}:{setting.Name} is empty; {setting.Without}.");
    }

    /// <summary>What of the files and the connection string would end a start, as far as that can be told without the store.</summary>
    public static IEnumerable<string> ConnectionFaults(StoreOptions store) =>
        !store.IsInUse || Faults(store).Any() ? [] : store.ToConnection().Faults();
}
