using Gateway.Api.Configuration;

namespace Gateway.Api.Upstream;

/// <summary>Says what is wrong with the configured upstream, setting by setting.</summary>
internal static class UpstreamOptionsValidator
{
    /// <summary>The faults, one sentence each; empty when the upstream can be used.</summary>
    public static IEnumerable<string> Faults(UpstreamOptions upstream) =>
        [
            .. AddressFaults(upstream),
            .. BothFaults("", upstream),
            .. upstream.Failover.SelectMany((group, i) => BothFaults($"Failover:{i}:", group)),
            .. FailoverFaults(upstream),
            .. RepeatedAddresses(upstream),
            .. TlsFaults(upstream.Tls),
            .. LimitFaults(upstream),
        ];

    private static IEnumerable<string> AddressFaults(UpstreamOptions upstream) =>
        from at in Addresses(upstream)
        where !IsAddress(at.Address)
        select $"Gateway:Upstream:{at.Setting} is http://host:port or https://host:port, without a path.";

    private static IEnumerable<string> BothFaults(string at, AddressGroupOptions group) =>
        group is { Address: not null, Addresses.Count: > 0 }
        ? [$"Gateway:Upstream:{at}Address and Gateway:Upstream:{at}Addresses stand in place of each other: leave one of them out."]
        : [];

    private static IEnumerable<string> FailoverFaults(UpstreamOptions upstream)
    {
        if (upstream.Failover.Count > 0 && upstream.InEffect.Count == 0)
        {
            yield return "Gateway:Upstream:Failover needs a Gateway:Upstream:Address.";
        }

        for (var i = 0; i < upstream.Failover.Count; i++)
        {
            if (upstream.Failover[i].InEffect.Count == 0)
            {
                yield return $"Gateway:Upstream:Failover:{i}:Address is missing.";
            }
        }
    }

    private static IEnumerable<string> RepeatedAddresses(UpstreamOptions upstream) =>
        from at in Addresses(upstream)
        where at.Address is not null
        group at.Setting by at.Address into settings
        where settings.Count() > 1
        select $"Gateway:Upstream:{string.Join(" and Gateway:Upstream:", settings)} are the same.";

    private static IEnumerable<string> TlsFaults(TlsOptions tls)
    {
        if (tls.CaFile is not null && !CanRead(() => UpstreamCertificates.ReadAuthorities(tls)))
        {
            yield return "Gateway:Upstream:Tls:CaFile is not a file that can be read and has certificates in PEM.";
        }

        if (tls is { CertificateFile: null, KeyFile: not null })
        {
            yield return "Gateway:Upstream:Tls:KeyFile needs a Gateway:Upstream:Tls:CertificateFile.";
        }
        else if (tls.CertificateFile is not null && !CanRead(() => UpstreamCertificates.ReadCertificate(tls)))
        {
            yield return "Gateway:Upstream:Tls:CertificateFile and Gateway:Upstream:Tls:KeyFile are not a certificate and its key in "
                + "PEM that can be read.";
        }
    }

    private static bool CanRead(Func<object?> read)
    {
        try
        {
            return read() is not null;
        }
        catch (Exception exception) when (UpstreamCertificates.IsUnreadable(exception))
        {
            return false;
        }
    }

    private static IEnumerable<string> LimitFaults(UpstreamOptions upstream)
    {
        if (upstream.Ejection.MaxTime < upstream.Ejection.BaseTime)
        {
            yield return "Gateway:Upstream:Ejection:MaxTime is at least Gateway:Upstream:Ejection:BaseTime.";
        }

        if (upstream.Retry.MaxBackoff < upstream.Retry.InitialBackoff)
        {
            yield return "Gateway:Upstream:Retry:MaxBackoff is at least Gateway:Upstream:Retry:InitialBackoff.";
        }
    }

    private static IEnumerable<(string Setting, Uri? Address)> Addresses(UpstreamOptions upstream) =>
        [.. Addresses("", upstream), .. upstream.Failover.SelectMany((group, i) => Addresses($"Failover:{i}:", group))];

    private static IEnumerable<(string Setting, Uri? Address)> Addresses(string at, AddressGroupOptions group) => group.Addresses.Count > 0
        ? group.Addresses.Select((address, i) => ($"{at}Addresses:{i}", (Uri?)address))
        : group.InEffect.Select(address => ($"{at}Address", (Uri?)address));

    private static bool IsAddress(Uri? address) =>
        address is { IsAbsoluteUri: true } && address is { Scheme: "http" or "https", PathAndQuery: "/", Fragment: "", UserInfo: "" };
}
