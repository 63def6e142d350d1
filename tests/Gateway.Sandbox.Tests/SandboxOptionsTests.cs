using Microsoft.Extensions.Configuration;

namespace Gateway.Sandbox.Tests;

public class SandboxOptionsTests
{
    [Fact]
    public void Options_BoundFromConfiguration_TakeEverySetting()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["AllowedImageHosts:0"] = "images.example.org",
            ["AllowedImageHosts:1"] = "localhost:9000",
            ["Keys:0"] = "secret",
            ["TokenDelay"] = "00:00:00.005",
            ["ImageFetchTimeout"] = "00:00:03",
        }).Build();

        var options = configuration.Get<SandboxOptions>()!;

        Assert.Equal(["images.example.org", "localhost:9000"], options.AllowedImageHosts);
        Assert.Equal(["secret"], options.Keys);
        Assert.Equal((TimeSpan.FromMilliseconds(5), TimeSpan.FromSeconds(3)), (options.TokenDelay, options.ImageFetchTimeout));
    }

    [Fact]
    public void Options_Printed_ShowNoKey()
    {
        Assert.DoesNotContain("secret", new SandboxOptions { Keys = ["secret"] }.ToString(), StringComparison.Ordinal);
    }
}
