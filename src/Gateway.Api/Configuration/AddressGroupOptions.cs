namespace Gateway.Api.Configuration;

/// <summary>One address, or several equal ones: <c>http://</c> is cleartext HTTP/2, <c>https://</c> is TLS.</summary>
internal class AddressGroupOptions
{
    /// <summary>The address, where there is one.</summary>
    public Uri? Address { get; set; }

    /// <summary>The addresses, where there are several, and no <see cref="Address"/>.</summary>
    public IList<Uri> Addresses { get; init; } = [];

    /// <summary>The addresses that are in effect; empty when none is set.</summary>
    public IReadOnlyList<Uri> InEffect => Addresses.Count > 0 ? [.. Addresses] : Address is null ? [] : [Address];
}
