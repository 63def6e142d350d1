using Gateway.Grpc.Protocol;

namespace Gateway.Grpc.Tests.Protocol;

public sealed class ContentTypesTests
{
    [Theory]
    [InlineData("application/grpc")]
    [InlineData("application/grpc+proto")]
    [InlineData("application/grpc+json")]
    [InlineData("application/grpc;charset=utf-8")]
    [InlineData("application/grpc ; a=b")]
    [InlineData("Application/GRPC")]
    public void IsGrpc_Grpc_IsTrue(string contentType) => Assert.True(ContentTypes.IsGrpc(contentType));

    [Theory]
    [InlineData("")]
    [InlineData("application/grp")]
    [InlineData("application/grpc-web")]
    [InlineData("application/grpc-web+proto")]
    [InlineData("application/json")]
    [InlineData("text/html")]
    public void IsGrpc_Other_IsFalse(string contentType) => Assert.False(ContentTypes.IsGrpc(contentType));
}
