using System.Reflection;
using System.Text.RegularExpressions;
using Gateway.Api.Tests.Support;

namespace Gateway.Api.Tests.Configuration;

/// <summary>Every documented setting has an effect that a test sees: one that is cut off from what it sets fails somewhere.</summary>
public sealed partial class SettingProofTests
{
    private static readonly ILookup<string, MethodInfo> Proofs = typeof(SettingProofTests).Assembly.GetTypes()
        .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly))
        .SelectMany(method => method.GetCustomAttributes<ProvesSettingAttribute>().Select(proof => (proof.Setting, Method: method)))
        .ToLookup(proof => proof.Setting, proof => proof.Method);

    public static TheoryData<string> Settings => [.. DocumentedSettings.Names];

    [Fact]
    public void Setting_OfTheOptions_IsDocumented() => Assert.Empty(
        SettingSurface.All.Where(setting => setting.Kind is SettingSurface.SettingKind.Text or SettingSurface.SettingKind.Value).Select(setting => setting.Path)
            .Except(DocumentedSettings.Names.Select(name => ChosenName().Replace(name, SettingSurface.AnyName))));

    [Theory]
    [MemberData(nameof(Settings))]
    public void Setting_OfTheDocumentation_IsProven(string setting) =>
        Assert.True(Proofs.Contains(setting), $"No test has [ProvesSetting(\"{setting}\")]: nothing fails when the setting has no effect.");

    [Fact]
    public void Proof_NamesADocumentedSetting() => Assert.Empty(Proofs.Select(proof => proof.Key).Except(DocumentedSettings.Names));

    [Fact]
    public void Proof_IsATestThatRuns() => Assert.All(
        Proofs.SelectMany(proof => proof),
        method => Assert.True(method.GetCustomAttribute<FactAttribute>() is { Skip: null }, $"{method.DeclaringType}.{method.Name} is no test."));

    [Theory]
    [InlineData("--urls")]
    [InlineData("ASPNETCORE_URLS")]
    [InlineData("Gateway:Cors:Origins:0")]
    [InlineData("Gateway:Upstream:Ejection:MaxTime")]
    [InlineData("Gateway:Tenants:<name>:KeySha256")]
    [InlineData("Gateway:Tenants:<name>:Models:0")]
    [InlineData("Gateway:Sandbox:TokenDelay")]
    [InlineData("Gateway:HomeAssistant:Scans:<name>:Workflow")]
    public void Documentation_OfEveryKind_IsRead(string setting) => Assert.Contains(setting, DocumentedSettings.Names);

    // What an operator names has a word in its place, as in Gateway:Tenants:<name>:Pat.
    [GeneratedRegex("<[a-z]+>")]
    private static partial Regex ChosenName();
}
