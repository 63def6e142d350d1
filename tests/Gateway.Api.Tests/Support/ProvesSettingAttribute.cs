namespace Gateway.Api.Tests.Support;

/// <summary>
/// Says that a test goes red when a setting of the documentation is cut off: it runs a host with another value than the default, and sees the
/// effect from outside. Binding the setting proves nothing.
/// </summary>
/// <param name="setting">
/// The setting's full name as the documentation has it, such as <c>Gateway:Streams:TotalTimeout</c>, <c>Gateway:Cors:Origins:0</c> or
/// <c>Gateway:Tenants:&lt;name&gt;:Pat</c>.
/// </param>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
internal sealed class ProvesSettingAttribute(string setting) : Attribute
{
    public string Setting { get; } = setting;
}
