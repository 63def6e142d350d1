using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Gateway.Api.Configuration;
using Gateway.Core.Upstream;

namespace Gateway.Api.Tests.Configuration;

/// <summary>
/// The JSON Schema of <c>appsettings.json</c>, derived from the options: their names, types, defaults, rules and summaries. What else may stand
/// there is the framework's.
/// </summary>
internal static partial class DerivedSchema
{
    private const string UtcTime = "[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z";

    private const string Time = @"([0-9]+\.)?[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,7})?|[0-9]+(\.[0-9]+)?(ms|s|m|h|d)";

    private static readonly JsonSerializerOptions Form = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly NullabilityInfoContext Nullability = new();

    private static readonly Dictionary<string, XElement> Summaries = new[] { "Gateway.Api.xml", "Gateway.Core.xml", "Gateway.Sandbox.xml" }
        .SelectMany(file => XDocument.Load(Path.Combine(AppContext.BaseDirectory, file)).Descendants("member"))
        .Where(member => Documented().IsMatch(member.Attribute("name")!.Value))
        .ToDictionary(member => member.Attribute("name")!.Value, member => member);

    /// <summary>The text of it.</summary>
    public static string Text { get; } = Root().ToJsonString(Form) + "\n";

    private static JsonObject Root()
    {
        var root = JsonNode.Parse(Framework)!.AsObject();
        var properties = root["properties"]!.AsObject();
        properties.Insert(1, GatewayOptions.Section, Section(new GatewayOptions(), "The gateway."));
        return root;
    }

    private static JsonObject Section(object options, string description) => new()
    {
        ["description"] = description,
        ["type"] = "object",
        ["properties"] = new JsonObject(SettingsReader.SettingsOf(options.GetType()).Select(setting => KeyValuePair.Create(setting.Name, (JsonNode?)Setting(setting, options)))),
        ["additionalProperties"] = false,
    };

    private static JsonObject Setting(PropertyInfo setting, object options)
    {
        var mayBeNull = Nullability.Create(setting).WriteState == NullabilityState.Nullable;
        var schema = Value(setting.PropertyType, mayBeNull, setting.GetValue(options), SummaryOf(setting));
        foreach (var rule in setting.GetCustomAttributes<ValidationAttribute>())
        {
            AddRule(schema, rule);
        }

        return schema;
    }

    private static JsonObject Value(Type type, bool mayBeNull, object? value, string description)
    {
        var schema = new JsonObject { ["description"] = description };
        var form = Nullable.GetUnderlyingType(type) ?? type;
        if (form == typeof(bool))
        {
            schema["type"] = Types("boolean", mayBeNull);
        }
        else if (form == typeof(int) || form == typeof(long))
        {
            schema["type"] = Types("integer", mayBeNull);
        }
        else if (form == typeof(TimeSpan))
        {
            schema["type"] = Types("string", mayBeNull);
            schema["pattern"] = mayBeNull ? $"^({Time})?$" : $"^({Time})$";
        }
        else if (form == typeof(DateTimeOffset))
        {
            schema["type"] = Types("string", mayBeNull);
            schema["pattern"] = mayBeNull ? $"^({UtcTime})?$" : $"^({UtcTime})$";
        }
        else if (form == typeof(string))
        {
            schema["type"] = Types("string", mayBeNull);
        }
        else if (form == typeof(Uri))
        {
            schema["type"] = Types("string", mayBeNull);
            schema["pattern"] = "^https?://";
        }
        else if (!form.IsGenericType)
        {
            return Section(value ?? Activator.CreateInstance(form)!, description);
        }
        else if (form.GetGenericTypeDefinition() == typeof(Dictionary<,>))
        {
            schema["type"] = "object";
            schema["additionalProperties"] = Entry(form.GetGenericArguments()[1]);
        }
        else
        {
            schema["type"] = "array";
            schema["items"] = Entry(form.GetGenericArguments()[0]);
        }

        if (Default(value) is { } known)
        {
            schema["default"] = known;
        }

        return schema;
    }

    private static JsonObject Entry(Type type)
    {
        var schema = Value(type, mayBeNull: false, value: null, Summary($"T:{type.FullName}"));
        if (schema["description"]!.ToString().Length == 0)
        {
            schema.Remove("description");
        }

        return schema;
    }

    private static void AddRule(JsonObject schema, ValidationAttribute rule)
    {
        switch (rule)
        {
            case PositiveAttribute when schema["type"]!.ToJsonString().Contains("integer", StringComparison.Ordinal):
                schema["minimum"] = 1;
                break;
            case PositiveAttribute:
                break; // of a time, which is text
            case RangeAttribute range:
                schema["minimum"] = (int)range.Minimum;
                schema["maximum"] = (int)range.Maximum;
                break;
            case AllowedValuesAttribute allowed:
                schema["enum"] = new JsonArray([.. allowed.Values.Select(value => JsonValue.Create((string)value!))]);
                break;
            default:
                throw new InvalidOperationException($"The schema has no words for {rule.GetType()}.");
        }
    }

    private static JsonNode Types(string type, bool mayBeNull) => mayBeNull ? new JsonArray(type, "null") : JsonValue.Create(type);

    private static JsonNode? Default(object? value) => value switch
    {
        bool truth => truth,
        int number => number,
        long number => number,
        TimeSpan { Milliseconds: not 0 } time => time.ToString("c", CultureInfo.InvariantCulture).TrimEnd('0'),
        TimeSpan time => time.ToString("c", CultureInfo.InvariantCulture),
        string { Length: > 0 } text => text,
        _ => null,
    };

    private static string SummaryOf(PropertyInfo setting) => Summary($"P:{setting.DeclaringType!.FullName}.{setting.Name}");

    // The text, with names for references: an editor shows it beside the setting.
    private static string Summary(string member)
    {
        if (!Summaries.TryGetValue(member, out var documented) || documented.Element("summary") is not { } summary)
        {
            return "";
        }

        var copy = new XElement(summary);
        foreach (var reference in copy.Descendants("see").ToList())
        {
            reference.ReplaceWith(new XText(reference.Attribute("cref")!.Value.Split('.')[^1]));
        }

        return Space().Replace(copy.Value, " ").Trim();
    }

    // A type or a property of ours: what the compiler generates stands in several assemblies.
    [GeneratedRegex(@"^[TP]:Gateway\.")]
    private static partial Regex Documented();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();

    private const string Framework =
        """
        {
          "$schema": "https://json-schema.org/draft/2020-12/schema",
          "title": "Settings of the gateway",
          "description": "appsettings.json. Names are the same in any case of letters there; here they have one.",
          "type": "object",
          "properties": {
            "$schema": { "description": "Where this schema is, for editors.", "type": "string" },
            "AllowedHosts": {
              "description": "Host names that the gateway answers to, without ports, with ; between them, as in gateway.example.com;*.example.com, or *.",
              "type": "string"
            },
            "urls": { "description": "Where the gateway listens, with ; between addresses.", "type": "string", "default": "http://localhost:8080" },
            "http_ports": { "description": "Ports to listen at on all addresses, with ; between them.", "type": ["string", "integer"] },
            "https_ports": { "description": "Ports to listen at on all addresses with TLS, with ; between them.", "type": ["string", "integer"] },
            "Kestrel": {
              "description": "The server: endpoints of its own in place of urls, and certificates.",
              "type": "object",
              "properties": {
                "Endpoints": {
                  "description": "Endpoints by names of your choice.",
                  "type": "object",
                  "additionalProperties": {
                    "type": "object",
                    "properties": {
                      "Url": { "description": "Where to listen, as in https://*:8443.", "type": "string", "pattern": "^https?://" },
                      "Protocols": { "enum": ["Http1", "Http2", "Http1AndHttp2", "Http3", "Http1AndHttp2AndHttp3"] },
                      "Certificate": { "$ref": "#/$defs/certificate" }
                    },
                    "required": ["Url"]
                  }
                },
                "Certificates": {
                  "description": "Certificates by name; Default is for all addresses that have none of their own.",
                  "type": "object",
                  "additionalProperties": { "$ref": "#/$defs/certificate" }
                }
              }
            },
            "Serilog": {
              "description": "Levels of the log.",
              "type": "object",
              "properties": {
                "MinimumLevel": {
                  "anyOf": [
                    { "$ref": "#/$defs/level" },
                    {
                      "type": "object",
                      "properties": {
                        "Default": { "$ref": "#/$defs/level" },
                        "Override": { "type": "object", "additionalProperties": { "$ref": "#/$defs/level" } }
                      }
                    }
                  ]
                }
              }
            },
            "Logging": { "description": "Passed over: levels are Serilog's.", "type": "object" },
            "CLARIFAI_PAT": { "description": "A Clarifai token: makes the tenant 'default', which needs no key. Better in the environment.", "type": "string" },
            "CLARIFAI_USER_ID": { "description": "The user of that tenant.", "type": "string" },
            "CLARIFAI_APP_ID": { "description": "The app of that tenant.", "type": "string" }
          },
          "patternProperties": {
            "^[A-Za-z]+:": { "description": "A setting by its whole name, as in Gateway:Upstream:Address." }
          },
          "additionalProperties": false,
          "$defs": {
            "certificate": {
              "description": "A certificate with its key: Path and KeyPath in PEM, or Path and Password of a PKCS #12 file.",
              "type": "object",
              "properties": {
                "Path": { "type": "string" },
                "KeyPath": { "type": "string" },
                "Password": { "type": "string" }
              }
            },
            "level": { "enum": ["Verbose", "Debug", "Information", "Warning", "Error", "Fatal", "Off"] }
          }
        }
        """;
}
