namespace Gateway.Grpc.Tests;

public sealed class MetadataTests
{
    [Fact]
    public void Add_UpperCase_KeyIsFolded()
    {
        var metadata = new Metadata();

        metadata.Add("X-Request-Id", "7");

        Assert.Equal("x-request-id", metadata.Single().Key);
        Assert.Equal("7", metadata.GetValue("X-REQUEST-ID"));
    }

    [Fact]
    public void GetValue_SeveralValues_IsTheLast_AndOrderStays()
    {
        var metadata = new Metadata();
        metadata.Add("a", "1");
        metadata.Add("b", "2");
        metadata.Add("a", "3");

        Assert.Equal("3", metadata.GetValue("a"));
        Assert.Equal(["1", "2", "3"], metadata.Select(entry => entry.Text));
    }

    [Fact]
    public void GetBinary_BinaryKey_ReturnsBytes()
    {
        var metadata = new Metadata();
        metadata.AddBinary("Trace-Bin", new byte[] { 0, 255 });

        Assert.Equal(new byte[] { 0, 255 }, metadata.GetBinary("trace-bin")!.Value.ToArray());
        Assert.Null(metadata.GetValue("trace-bin"));
        Assert.Null(metadata.GetBinary("other-bin"));
    }

    [Theory]
    [InlineData("", "v")]
    [InlineData("sp ace", "v")]
    [InlineData("colon:", "v")]
    [InlineData(":path", "v")]
    [InlineData("ümlaut", "v")]
    [InlineData("new\nline", "v")]
    [InlineData("data-bin", "v")] // binary keys take bytes
    [InlineData("key", "new\r\nline")]
    [InlineData("key", "ümlaut")]
    [InlineData("key", "tab\t")]
    [InlineData("key", "\0")]
    public void TryAdd_WhatCannotTravel_IsFalse(string key, string value)
    {
        var metadata = new Metadata();

        Assert.False(metadata.TryAdd(key, value));
        Assert.Throws<ArgumentException>(() => metadata.Add(key, value));
        Assert.Empty(metadata);
    }

    [Fact]
    public void AddBinary_KeyWithoutSuffix_Throws()
    {
        Assert.Throws<ArgumentException>(() => new Metadata().AddBinary("data", new byte[1]));
    }

    [Fact]
    public void ToString_Credential_DoesNotShow()
    {
        var metadata = new Metadata();
        metadata.Add("authorization", "Key canary");

        Assert.DoesNotContain("canary", metadata.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("canary", metadata.Single().ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("canary", new CallOptions { Headers = metadata }.ToString(), StringComparison.Ordinal);
    }
}
