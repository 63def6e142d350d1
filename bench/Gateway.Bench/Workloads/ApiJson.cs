using Google.Protobuf;

namespace Gateway.Bench.Workloads;

/// <summary>Google's parser and formatter, set to the JSON of the API: proto names, enums as numbers, unknown members ignored.</summary>
public static class ApiJson
{
    public static JsonParser Parser { get; } = new(JsonParser.Settings.Default.WithIgnoreUnknownFields(true));

    public static JsonFormatter Formatter { get; } = new(JsonFormatter.Settings.Default.WithPreserveProtoFieldNames(true).WithFormatEnumsAsIntegers(true));
}
