using Clarifai.Api;
using Gateway.Core.Methods;
using Google.Protobuf;
using DataType = Clarifai.Api.ModelTypeField.Types.DataType;

namespace Gateway.Core.Tests.Methods;

/// <summary>An argument that is no number has the bits that other languages give it; .NET's own has the sign bit.</summary>
public sealed class NotANumberArgumentTests
{
    [Theory]
    [InlineData(DataType.Float, "\"NaN\"", "000000000000F87F")]
    [InlineData(DataType.Ndarray, "{\"dtype\": \"float64\", \"data\": [\"NaN\"]}", "000000000000F87F")]
    [InlineData(DataType.Ndarray, "{\"dtype\": \"float32\", \"data\": [\"NaN\"]}", "0000C07F")]
    public void Argument_ThatIsNoNumber_HasTheBitsOfOtherLanguages(DataType type, string json, string bits)
    {
        var method = new ModelMethod(new MethodSignature { Name = "m", InputFields = { new ModelTypeField { Name = "value", Type = type, Required = true } } });

        var input = ArgumentText.Read(method, $$"""{"value": {{json}}}""");

        Assert.Contains(bits, Convert.ToHexString(input!.ToByteArray()), StringComparison.Ordinal);
    }
}
