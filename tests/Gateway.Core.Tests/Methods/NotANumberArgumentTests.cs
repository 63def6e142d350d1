using System.Text.Json;
using Clarifai.Api;
using Gateway.Core.Json;
using Gateway.Core.Methods;
using Gateway.Core.Methods.Values;
using Gateway.Core.Schema;
using Google.Protobuf;
using DataType = Clarifai.Api.ModelTypeField.Types.DataType;

namespace Gateway.Core.Tests.Methods;

/// <summary>An argument that is no number has the bits that other languages give it; .NET's own has the sign bit.</summary>
public sealed class NotANumberArgumentTests
{
    private static readonly MessageJson Messages = new(ApiSchema.Compile(ServiceReflection.Descriptor.Services[0], JsonDialect.Clarifai), JsonLimits.Default);

    [Theory]
    [InlineData(DataType.Float, "\"NaN\"", "000000000000F87F")]
    [InlineData(DataType.Ndarray, "{\"dtype\": \"float64\", \"data\": [\"NaN\"]}", "000000000000F87F")]
    [InlineData(DataType.Ndarray, "{\"dtype\": \"float32\", \"data\": [\"NaN\"]}", "0000C07F")]
    public void Argument_ThatIsNoNumber_HasTheBitsOfOtherLanguages(DataType type, string json, string bits)
    {
        var method = new ModelMethod(new MethodSignature { Name = "m", InputFields = { new ModelTypeField { Name = "value", Type = type, Required = true } } });
        var arguments = new ArgumentSet(method, new ArgumentReader(Messages));

        Assert.Null(arguments.AddAll(JsonDocument.Parse($$"""{"value": {{json}}}""").RootElement));

        Assert.Contains(bits, Convert.ToHexString(arguments.Input.ToByteArray()), StringComparison.Ordinal);
    }
}
