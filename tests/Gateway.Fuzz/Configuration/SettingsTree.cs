using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Api.Configuration;
using Gateway.Fuzz.Generation;

namespace Gateway.Fuzz.Configuration;

/// <summary>
/// A random settings file near what the gateway reads: made from the types of its options, with values that mostly can work, and then, mostly, changed in
/// a few places. Values hold a mark wherever there is room for one.
/// </summary>
internal sealed class SettingsTree(Dice dice)
{
    private const string Mark = "canary";

    private bool _hasKeyless;

    /// <summary>The file's text.</summary>
    public string Text()
    {
        var gateway = Section(typeof(GatewayOptions));
        var file = new JsonObject { [GatewayOptions.Section] = gateway };
        for (var changes = dice.OneIn(3) ? 0 : dice.Between(1, 3); changes > 0; changes--)
        {
            Change(gateway);
        }

        return file.ToJsonString(new JsonSerializerOptions { MaxDepth = 1000 });
    }

    private JsonNode? Value(PropertyInfo setting) => Value(setting.Name, setting.PropertyType);

    private JsonNode? Value(string name, Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        return type == typeof(bool) ? dice.OneIn(2)
            : type == typeof(int) || type == typeof(long) ? Number(name)
            : type == typeof(TimeSpan) ? Time(name)
            : type == typeof(string) || type == typeof(Uri) ? Words(name)
            : !type.IsGenericType ? Section(type)
            : type.GetGenericTypeDefinition() == typeof(Dictionary<,>) ? Names(name, type.GetGenericArguments()[1])
            : List(name, type.GetGenericArguments()[0]);
    }

    private JsonObject Section(Type type)
    {
        var section = new JsonObject();
        foreach (var setting in type.GetProperties().Where(property => property.CanWrite && dice.OneIn(3)))
        {
            section[dice.OneIn(10) ? setting.Name.ToUpperInvariant() : setting.Name] = Value(setting);
        }

        return Complete(type, section);
    }

    // What settings need of one another.
    private JsonObject Complete(Type type, JsonObject section)
    {
        if (type == typeof(TenantOptions))
        {
            section.Remove(nameof(TenantOptions.Keyless));
            section[nameof(TenantOptions.Pat)] = Unique();
            if (_hasKeyless || dice.OneIn(2))
            {
                section[nameof(TenantOptions.KeySha256)] = Convert.ToHexString(dice.Bytes(32));
            }
            else
            {
                _hasKeyless = true;
                section.Remove(nameof(TenantOptions.KeySha256));
                section[nameof(TenantOptions.Keyless)] = true;
            }
        }
        else if (typeof(AddressGroupOptions).IsAssignableFrom(type))
        {
            section[nameof(AddressGroupOptions.Address)] = Words(nameof(AddressGroupOptions.Address));
        }
        else if (type == typeof(ScanOptions))
        {
            foreach (var name in new[] { nameof(ScanOptions.Camera), nameof(ScanOptions.Workflow), nameof(ScanOptions.AppId) })
            {
                section[name] = Words(name);
            }

            section[nameof(ScanOptions.ScanInterval)] = "17m";
            section.Remove(nameof(ScanOptions.Tenant));
        }
        else if (type == typeof(HomeAssistantOptions) && section.Count > 0)
        {
            section[nameof(HomeAssistantOptions.Url)] = $"http://{Unique()}:8123";
            section[nameof(HomeAssistantOptions.Token)] = Unique();
            section.Remove(nameof(HomeAssistantOptions.Tenant));
        }
        else if (type == typeof(GatewayOptions) && section.ContainsKey(nameof(GatewayOptions.HomeAssistant)) && !_hasKeyless)
        {
            var tenants = section[nameof(GatewayOptions.Tenants)] as JsonObject ?? [];
            section[nameof(GatewayOptions.Tenants)] = tenants;
            tenants["owner"] = new JsonObject { [nameof(TenantOptions.Pat)] = Unique(), [nameof(TenantOptions.Keyless)] = true };
        }

        return section;
    }

    private JsonArray List(string name, Type type) => [.. Enumerable.Range(0, dice.Below(4)).Select(_ => Value(name, type))];

    private JsonObject Names(string setting, Type type)
    {
        var names = new JsonObject();
        for (var count = dice.Between(1, 3); count > 0; count--)
        {
            names[type == typeof(string) && dice.OneIn(2) ? $"n{dice.Below(9)}:{dice.Below(9)}b" : $"n{count}"] = Value(setting, type);
        }

        return names;
    }

    private JsonNode Number(string name)
    {
        var number = name == nameof(UpstreamOptions.Retry.Budget) ? dice.Between(1, 1000) : dice.Between(1, int.MaxValue - 1);
        return dice.OneIn(4) ? $"{number}" : number;
    }

    // The longest of times that bound others are named for it.
    private string Time(string name)
    {
        var amount = dice.Between(1, 20);
        return name.StartsWith("Max", StringComparison.Ordinal) ? $"{amount}h"
            : dice.Pick($"{amount}ms", $"0.{amount}s", string.Create(CultureInfo.InvariantCulture, $"{TimeSpan.FromMilliseconds(amount):c}"));
    }

    private string Words(string name) => name switch
    {
        "Address" or "Addresses" => $"http://{Unique()}:{dice.Between(1, 65535)}",
        "Url" => dice.OneIn(3) ? "" : $"http://{Unique()}:{dice.Between(1, 65535)}",
        "Origins" => dice.OneIn(4) ? "*" : $"https://{Unique()}.example",
        "Proxies" => $"10.{dice.Below(256)}.{dice.Below(256)}.0/24",
        "AllowedImageHosts" => $"{Unique()}:9000",
        "Aliases" => $"{Unique()}/app/models/id",
        "Models" or "Workflows" => dice.OneIn(2) ? Unique() : $"user/app/{Unique()}",
        "LogFormat" => dice.Pick("text", "json"),
        "Camera" => $"camera.{Unique()}",
        _ => Unique(),
    };

    private string Unique() => $"{Mark}{dice.Next() % 1_000_000_000}";

    private void Change(JsonObject gateway)
    {
        var sections = Sections(gateway).ToArray();
        var section = sections[dice.Below(sections.Length)];
        if (section.Count == 0 || dice.OneIn(6))
        {
            section[OddName("Setting")] = Odd();
            return;
        }

        var name = section.ElementAt(dice.Below(section.Count)).Key;
        var value = section[name]?.DeepClone();
        section.Remove(name);
        switch (dice.Below(6))
        {
            case 0:
                section[OddName(name)] = value;
                break;
            case 1:
                section[name] = new JsonArray(value);
                break;
            case 2:
                section[name] = new JsonObject { [OddName(name)] = value };
                break;
            default:
                section[name] = Odd();
                break;
        }
    }

    private static IEnumerable<JsonObject> Sections(JsonNode? node) => node switch
    {
        JsonObject section => section.SelectMany(member => Sections(member.Value)).Prepend(section),
        JsonArray list => list.SelectMany(Sections),
        _ => [],
    };

    private string OddName(string name) => dice.Below(9) switch
    {
        0 => name + "s",
        1 => name[Math.Min(1, name.Length)..],
        2 => name.ToLowerInvariant(),
        3 => $"{name}:0",
        4 => $"{name}:{name}",
        5 => "",
        6 => $"{dice.Below(3)}",
        7 => $"{name}\n{name}",
        _ => new string('x', dice.Size(5, 500)),
    };

    private JsonNode? Odd() => dice.Below(12) switch
    {
        0 => null,
        1 => new JsonObject(),
        2 => new JsonArray(),
        3 => "",
        4 => dice.OneIn(2),
        5 => dice.Pick(-1L, 0, long.MaxValue, 30),
        6 => dice.Pick(1e300, -0.5, 1e-7),
        7 => dice.Pick("30", "00:30", "-1s", "24:00:00", "25d", "1e3s", "9999999999999999999999999999999d", " 5s", "true ", "TRUE"),
        8 => new JsonArray(Unique(), null, Unique()),
        9 => new JsonObject { ["0"] = Unique(), ["02"] = Unique() },
        10 => new JsonObject { ["inner"] = new JsonArray(new JsonObject { ["0"] = Unique() }) },
        _ => Unique() + dice.Pick("", " ", "\n", "\u0000", "\u2028", "'", "\"", "{0}", "%s"),
    };
}
