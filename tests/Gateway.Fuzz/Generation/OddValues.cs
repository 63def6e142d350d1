using Gateway.Fuzz.Reference;
using Google.Protobuf.Reflection;

namespace Gateway.Fuzz.Generation;

/// <summary>JSON values at the edge of what some field takes, on either side of it.</summary>
internal static class OddValues
{
    private static readonly string[] Numbers =
    [
        "0", "-0", "1", "-1", "1.5", "1e2", "1.0", "1e-1", "01", "-", "+1", ".5", "1.", "1e", "1E+2", "0x10", "0.0", "-0.0", "0e0", "120e-1", "NaN", "Infinity", "-Infinity",
        "2147483647", "2147483648", "-2147483648", "-2147483649", "4294967295", "4294967296", "9007199254740993", "9223372036854775807", "9223372036854775808", "-9223372036854775808",
        "18446744073709551615", "18446744073709551616", "1e400", "-1e400", "1e39", "3.5e38", "3.4028235e38", "3.4028236e38", "1.7976931348623157e308", "1.7976931348623159e308", "4.9e-324", "1e-400", "1e1000000000",
        "100000000000000000000000000000e-20", "1e-1000000000", "0e1000000000", "0.1000000000000000055511151231257827021181583404541015625", "1844674407370955161.5e1",
    ];

    private static readonly string[] QuotedNumbers =
    [
        "\"\"", "\"0\"", "\"1\"", "\"-1\"", "\"-0\"", "\"01\"", "\"-01\"", "\"1.0\"", "\"1e2\"", "\"1.5\"", "\"1.\"", "\".5\"", "\" 1\"", "\"1 \"", "\"+1\"", "\"0x1\"", "\"1,000\"", "\"1_0\"", "\"(1)\"", "\"\\u0031\"",
        "\"NaN\"", "\"-NaN\"", "\"nan\"", "\"Infinity\"", "\"-Infinity\"", "\"+Infinity\"", "\"inf\"", "\"1e400\"", "\"1e39\"", "\"2147483648\"", "\"-2147483649\"", "\"4294967296\"", "\"18446744073709551616\"", "\"9007199254740993\"",
        "\"9223372036854775808\"", "\"-9223372036854775809\"",
    ];

    private static readonly string[] Names = ["\"true\"", "\"null\"", "\"NULL_VALUE\"", "\"RED\"", "\"red\"", "\"VERDE\"", "\"SUCCESS\"", "0", "1", "-1", "10000", "1.5", "2147483648", "\"1\"", "null"];

    private static readonly string[] Base64 =
    [
        "\"AA==\"", "\"AA\"", "\"AB==\"", "\"A\"", "\"AA=\"", "\"AAA\"", "\"AAB=\"", "\"AAAA=\"", "\"AAAAA\"", "\"A A=\"", "\" AA==\"", "\"AA==\\n\"", "\"-_-_\"", "\"+/-_\"", "\"+/+\"", "\"_-\"", "\"AA==AA==\"", "\"=\"", "\"====\"",
        "\"A===\"", "\"AA=A\"", "\"\\u0041A==\"", "\"\\/\\/\\/\\/\"", "\"AA\\u003d=\"", "\"AAA*\"", "\"\u00c0AAA\"", "\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA!AAA\"",
    ];

    private static readonly string[] Timestamps =
    [
        "\"1970-01-01T00:00:00Z\"", "\"0001-01-01T00:00:00Z\"", "\"0000-01-01T00:00:00Z\"", "\"0001-01-01T00:00:00+00:01\"", "\"9999-12-31T23:59:59.999999999Z\"", "\"9999-12-31T23:59:59-00:01\"", "\"10000-01-01T00:00:00Z\"",
        "\"2000-02-29T00:00:00Z\"", "\"2000-02-30T00:00:00Z\"", "\"1900-02-29T00:00:00Z\"", "\"2000-00-01T00:00:00Z\"", "\"2000-13-01T00:00:00Z\"", "\"2000-01-01T24:00:00Z\"", "\"2000-01-01T23:59:60Z\"", "\"2000-01-01T00:60:00Z\"",
        "\"2000-01-01T00:00:00\"", "\"2000-01-01t00:00:00z\"", "\"2000-01-01 00:00:00Z\"", "\"2000-01-01T00:00:00.0000000001Z\"", "\"2000-01-01T00:00:00.Z\"", "\"2000-01-01T00:00:00,5Z\"", "\"2000-01-01T00:00:00.5\"",
        "\"2000-01-01T00:00:00+14:00\"", "\"2000-01-01T00:00:00-18:00\"", "\"2000-01-01T00:00:00+18:00\"", "\"2000-01-01T00:00:00+18:01\"", "\"2000-01-01T00:00:00+23:59\"", "\"2000-01-01T00:00:00+24:00\"", "\"2000-01-01T00:00:00+00:60\"",
        "\"2000-01-01T00:00:00-00:00\"", "\"2000-01-01T00:00:00+0100\"", "\"2000-01-01T00:00:00+01\"", "\"2000-1-1T0:0:0Z\"", "\"2000-01-01T00:00:00Z \"", "\"2000-01-01\"", "0",
    ];

    private static readonly string[] Durations =
    [
        "\"1s\"", "\"-1s\"", "\"0s\"", "\"-0s\"", "\"-0.5s\"", "\"1.s\"", "\".5s\"", "\"-.5s\"", "\"1.0000000001s\"", "\"1.123456789s\"", "\"01s\"", "\"-01s\"", "\"00.5s\"", "\"000000000000000000001s\"", "\"+1s\"", "\"--1s\"", "\"1 s\"", "\"1S\"", "\"s\"", "\"-s\"", "\"1\"", "\"1e3s\"",
        "\"315576000000s\"", "\"315576000000.1s\"", "\"315576000000.999999999s\"", "\"-315576000000.999999999s\"", "\"315576000001s\"", "\"-315576000001s\"", "\"9223372036854775807s\"", "\"9223372036854775808s\"", "\"-9223372036854775808s\"", "1",
    ];

    private static readonly string[] FieldMasks = ["\"\"", "\"a,b\"", "\"a_b\"", "\"aB.cD\"", "\"A\"", "\"a.B\"", "\",\"", "\"a,,b\"", "\"a,\"", "\",a\"", "\"a b\"", "\"aBC\"", "\"a1B2\"", "\"\u00e9\"", "\"a..b\"", "\"aÉ\"", "[]"];

    private static readonly string[] Texts =
    [
        "\"\"", "\"a\"", "\"\u00e9\"", "\"\\ud800\"", "\"\\udc00\"", "\"\\ud800\\ud800\"", "\"\\ud83d\\ude00\"", "\"\\uD83D\\uDE00\"", "\"\\ud83d\\n\"", "\"\\ud83dx\"", "\"\\u00\"", "\"\\u00g0\"", "\"\\x\"", "\"\\'\"", "\"\\\"", "\"\\u0000\"", "\"\u007f\"", "\"\u2028\"", "\"\t\"", "\"\0\"", "'a'",
    ];

    private static readonly string[] Structures =
    [
        "null", "true", "false", "{}", "[]", "[null]", "[[]]", "[1]", "[\"a\"]", "[1,]", "[,1]", "{,}", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{a:1}", "{\"a\":null}", "{\"a\":1}", "{\"\":0}", "{\"1\":1}", "{\"01\":1}", "{\"1.0\":1}", "{\"true\":1}", "{\"True\":1}", "{\"-1\":null}", "{\"a\":1,\"a\":2}", "{\"1\":1,\"1\":2}",
        "{\"value\":1}", "{\"seconds\":1}", "{\"@type\":\"type.googleapis.com/google.protobuf.Empty\"}", "{\"@type\":\"type.googleapis.com/google.protobuf.Empty\",\"value\":{}}", "{\"@type\":\"type.googleapis.com/google.protobuf.Duration\",\"value\":\"1s\"}",
        "{\"value\":{},\"@type\":\"x/google.protobuf.Struct\"}", "{\"@type\":\"google.protobuf.Duration\",\"value\":\"1s\"}", "{\"@type\":\"\"}", "{\"@type\":1}", "{\"@type\":null}", "{\"@type\":\"a/unknown\"}", "{\"@type\":\"a/clarifai.api.Concept\",\"value\":0}",
        "{\"@type\":\"a/google.protobuf.Value\"}", "{\"@type\":\"a/google.protobuf.Value\",\"value\":null}", "{\"@type\":\"a/google.protobuf.Any\",\"value\":{}}", "{\"@type\":\"a/google.protobuf.Int32Value\",\"value\":null}",
        "{\"@type\":\"a/google.protobuf.Duration\",\"value\":\"1s\",\"value\":\"2s\"}", "{\"@type\":\"a/google.protobuf.Duration\",\"@type\":\"a/google.protobuf.Duration\",\"value\":\"1s\"}", "{\"@type\":\"a/google.protobuf.Duration\",\"value\":\"1s\",\"x\":1}",
    ];

    private static readonly string[][] All = [Numbers, QuotedNumbers, Names, Base64, Timestamps, Durations, FieldMasks, Texts, Structures];

    /// <summary>Any of them.</summary>
    public static string Any(Dice dice) => dice.Pick<string>(dice.Pick<string[]>(All));

    /// <summary>One of the field's sort mostly, else any.</summary>
    public static string For(FieldDescriptor field, Dice dice) => dice.OneIn(8) ? Any(dice) : field.FieldType switch
    {
        FieldType.String => dice.Pick<string>(Texts),
        FieldType.Bytes => dice.Pick<string>(Base64),
        FieldType.Bool => dice.Pick("true", "false", "null", "\"true\"", "0", "1", "\"false\""),
        FieldType.Enum => dice.OneIn(2) ? dice.Pick<string>(Names) : $"\"{field.EnumType.Values[dice.Below(field.EnumType.Values.Count)].Name}\"",
        FieldType.Message => For(field.MessageType, dice),
        _ => dice.Pick<string>(dice.Pick(Numbers, QuotedNumbers)),
    };

    /// <summary>One of the message's sort.</summary>
    public static string For(MessageDescriptor type, Dice dice) => type.FullName switch
    {
        "google.protobuf.Timestamp" => dice.Pick<string>(Timestamps),
        "google.protobuf.Duration" => dice.Pick<string>(Durations),
        "google.protobuf.FieldMask" => dice.Pick<string>(FieldMasks),
        _ when Types.IsWrapper(type) => For(type.Fields[1], dice),
        "google.protobuf.Value" => Any(dice),
        _ => dice.Pick<string>(Structures),
    };
}
