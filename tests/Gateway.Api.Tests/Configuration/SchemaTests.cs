using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Gateway.Api.Tests.Support;
using Gateway.Testing;

namespace Gateway.Api.Tests.Configuration;

/// <summary>The schema that <c>gateway config schema</c> prints: it is what the options say, and takes what the documentation shows.</summary>
public sealed partial class SchemaTests
{
    private const string Committed = "src/Gateway.Api/Configuration/appsettings.schema.json";

    private static readonly JsonSchemaValidator Schema = new(File.ReadAllText(Path.Combine(Repository.Root, Committed)));

    public static TheoryData<string> Files =>
    [
        "appsettings.json",
        .. Directory.GetFiles(Path.Combine(Repository.Root, "samples"), "appsettings.json", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Repository.Root, file)),
    ];

    public static TheoryData<string, string> Examples
    {
        get
        {
            var examples = new TheoryData<string, string>();
            foreach (var file in Directory.GetFiles(Path.Combine(Repository.Root, "docs"), "*.md").Append(Path.Combine(Repository.Root, "README.md")))
            {
                foreach (var block in JsonBlock().Matches(File.ReadAllText(file)).Where(block => block.Value.Contains("\"Gateway\":", StringComparison.Ordinal)))
                {
                    examples.Add(Path.GetRelativePath(Repository.Root, file), block.Groups[1].Value);
                }
            }

            return examples;
        }
    }

    public static TheoryData<string> Settings => [.. DocumentedSettings.Names.Where(name => name.StartsWith("Gateway:", StringComparison.Ordinal))];

    public static TheoryData<string, string> Defaults
    {
        get
        {
            var defaults = new TheoryData<string, string>();
            foreach (var (name, value) in DocumentedSettings.Defaults.Where(setting => setting.Name.StartsWith("Gateway:", StringComparison.Ordinal)))
            {
                defaults.Add(name, value);
            }

            return defaults;
        }
    }

    [Fact]
    public void Schema_IsWhatTheOptionsSay()
    {
        var derived = Path.Combine(AppContext.BaseDirectory, "appsettings.schema.json");
        File.WriteAllText(derived, DerivedSchema.Text);

        Assert.True(
            DerivedSchema.Text == File.ReadAllText(Path.Combine(Repository.Root, Committed)),
            $"The options have changed: cp {Path.GetRelativePath(Repository.Root, derived)} {Committed}");
    }

    [Fact]
    public void Schema_IsOne() => IsValid(JsonSchemaValidator.OfSchemas, File.ReadAllText(Path.Combine(Repository.Root, Committed)));

    [Fact]
    public async Task Command_PrintsIt()
    {
        var printed = await GatewayCommand.RunAsync("config", "schema");

        Assert.Equal((0, File.ReadAllText(Path.Combine(Repository.Root, Committed)), ""), (printed.ExitCode, printed.Output, printed.Error));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void File_OfTheRepository_IsValid(string file) => IsValid(Schema, File.ReadAllText(Path.Combine(Repository.Root, file)));

    [Theory]
    [MemberData(nameof(Examples))]
    public void Example_OfTheDocumentation_IsValid(string file, string json)
    {
        Assert.NotEmpty(file);
        IsValid(Schema, json);
    }

    [Theory]
    [MemberData(nameof(Settings))]
    public void Setting_OfATable_IsKnown_AndAMisspeltOneIsNot(string setting)
    {
        IsValid(Schema, Nested(setting, SampleOf(setting)));
        var parts = setting.Split(':');
        if (!setting.Contains('<') || !parts[^1].StartsWith('<'))
        {
            Assert.NotNull(Schema.FaultOf(Nested(setting.EndsWith(":0", StringComparison.Ordinal) ? setting[..^2] + "x:0" : setting + "x", SampleOf(setting))));
        }
    }

    [Theory]
    [MemberData(nameof(Defaults))]
    public void Default_OfATable_IsTheSchemas(string setting, string value)
    {
        Assert.Equal(value, At(setting)["default"]?.ToString());
        IsValid(Schema, Nested(setting, At(setting)["default"]!.DeepClone()));
    }

    [Theory]
    [InlineData("""{"Gateway":{"Upstream":{"Adress":"http://host:1"}}}""")]
    [InlineData("""{"Gateway":{"Limits":{"MaxBodyBytes":"much"}}}""")]
    [InlineData("""{"Gateway":{"Limits":{"MaxBodyBytes":0}}}""")]
    [InlineData("""{"Gateway":{"Limits":{"MaxJsonDepth":501}}}""")]
    [InlineData("""{"Gateway":{"LogFormat":"xml"}}""")]
    [InlineData("""{"Gateway":{"Upstream":{"UnaryTimeout":"30"}}}""")]
    [InlineData("""{"Gateway":{"Upstream":{"Address":"host:1"}}}""")]
    [InlineData("""{"Gateway":{"Cors":{"Origins":"*"}}}""")]
    [InlineData("""{"Gateway":{"Tenants":{"a":{"Keyles":true}}}}""")]
    [InlineData("""{"Gatway":{}}""")]
    [InlineData("""{"Serilog":{"MinimumLevel":"Loud"}}""")]
    public void File_WithAFault_IsNotValid(string json) => Assert.NotNull(Schema.FaultOf(JsonNode.Parse(json)!));

    private static void IsValid(JsonSchemaValidator schema, string json) => IsValid(schema, JsonNode.Parse(json)!);

    private static void IsValid(JsonSchemaValidator schema, JsonNode json) => Assert.Null(schema.FaultOf(json));

    // The setting alone in a file; 0 is the first of a list.
    private static JsonNode Nested(string setting, JsonNode value) => setting.Split(':').Reverse().Aggregate(
        value, (inner, name) => name == "0" ? new JsonArray(inner) : new JsonObject { [name] = inner });

    private static JsonNode SampleOf(string setting)
    {
        var schema = At(setting);
        var type = schema["type"]!.ToJsonString();
        return schema["default"]?.DeepClone()
            ?? schema["enum"]?[0]?.DeepClone()
            ?? (type.Contains("boolean", StringComparison.Ordinal) ? true
                : type.Contains("integer", StringComparison.Ordinal) ? 1
                : schema["pattern"]?.ToString() is not { } pattern ? "text"
                : pattern.StartsWith("^http", StringComparison.Ordinal) ? "http://host:1"
                : pattern.Contains("Z)", StringComparison.Ordinal) ? "2030-01-31T00:00:00Z"
                : "30s");
    }

    // The place of the schema that is for a setting.
    private static JsonNode At(string setting) => setting.Split(':').Aggregate(
        JsonNode.Parse(File.ReadAllText(Path.Combine(Repository.Root, Committed)))!,
        (schema, name) => name == "0" ? schema["items"]! : schema["properties"]?[name] ?? schema["additionalProperties"]!);

    [GeneratedRegex("^```json\n(.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex JsonBlock();
}
