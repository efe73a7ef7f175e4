using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using Orders.Api.Configuration;
using Orders.Application;
using Orders.Infrastructure;
using Orders.Tests.Support;

namespace Orders.Tests.Configuration;

/// <summary>Settings that no option has are refused with the name that was meant, and the documented defaults are the options'.</summary>
internal sealed partial class SettingsTests
{
    [TestCase("Orders:CountMaxAges", "5", "Orders:CountMaxAge?")]
    [TestCase("orders:countmaxages", "5", "orders:CountMaxAge?")]
    [TestCase("Orders:RequestTimeOutt", "5", "Orders:RequestTimeout?")]
    [TestCase("Orders:StatusChange", "Overlay", "Orders:StatusChanges?")]
    [TestCase("Orders:CountMaxAge:Seconds", "5", "Orders:CountMaxAge?")]
    [TestCase("EmbeddedPostgres:DataDir", "/x", "EmbeddedPostgres:DataDirectory?")]
    [TestCase("EmbeddedPostgres:Port", "5432", "EmbeddedPostgres:RunAs?")]
    [TestCase("Lakebase:EndPoints", "x", "Lakebase:Endpoint?")]
    [TestCase("ConnectionStrings:Order", "Host=x", "ConnectionStrings:Orders?")]
    [TestCase("ConnectionStrings:OrdersDb", "Host=x", "ConnectionStrings:Orders?")]
    [TestCase("ConnectionStrings:OrdersRead", "Host=x", "ConnectionStrings:OrdersReads?")]
    [TestCase("ConnectionString:Orders", "Host=x", "ConnectionStrings:Orders?")]
    [TestCase("Order:CountMaxAge", "5", "Orders:CountMaxAge?")]
    [TestCase("LakeBases:Endpoint", "x", "Lakebase:Endpoint?")]
    [TestCase("Orders:RateLimit", "100/s", "Orders:RateLimits?")]
    [TestCase("Orders:RateLimits:Reads", "100/s", "Orders:RateLimits:Read?")]
    [TestCase("Orders:RateLimits:Read:Burst", "200", "Orders:RateLimits:Read?")]
    [TestCase("Orders:RateLimits", "100/s", "Orders:RateLimits:Read?")]
    public void An_unknown_name_is_refused_with_the_name_that_was_meant(string key, string value, string meant)
    {
        StartupException? refusal = Assert.Throws<StartupException>(() => Check((key, value)));
        Assert.That(refusal?.Message, Does.StartWith($"{key} is not a setting.").And.Contain($"Did you mean {meant}"));
    }

    [TestCase("Orders:CountMaxAge", "soon", "Set it to a duration from 0 to 86400 seconds")]
    [TestCase("Orders:CountMaxAge", "-1", "Set it to a duration from 0 to 86400 seconds")]
    [TestCase("Orders:RequestTimeout", "0", "Set it to a duration from 0.1 to 3600 seconds")]
    [TestCase("Orders:RequestTimeout", "02:00:00", "Set it to a duration from 0.1 to 3600 seconds")]
    [TestCase("Orders:DatabaseWait", "1e3", "Set it to a duration from 0 to 600 seconds")]
    [TestCase("Orders:MigrateOnStart", "maybe", "Set it to true or false.")]
    [TestCase("Orders:StatusChanges", "Sideways", "Set it to InPlace or Overlay.")]
    [TestCase("Orders:StatusChanges", "7", "Set it to InPlace or Overlay.")]
    [TestCase("Orders:StatusChanges", "0", "Set it to InPlace or Overlay.")]
    [TestCase("EmbeddedPostgres:LoadSample", "1", "Set it to true or false.")]
    [TestCase("Orders:MaxConcurrentRequests", "-1", "Set it to a whole number from 0 to 1000000.")]
    [TestCase("Orders:MaxConcurrentRequests", "1000001", "Set it to a whole number from 0 to 1000000.")]
    [TestCase("Orders:MaxConcurrentRequests", "many", "Set it to a whole number from 0 to 1000000.")]
    [TestCase("Orders:RateLimits:Read", "many", "Set it to 1 to 1000000 requests in a second, a minute or an hour, such as 100/s")]
    [TestCase("Orders:RateLimits:Read", "100", "Set it to 1 to 1000000 requests")]
    [TestCase("Orders:RateLimits:Read", "100/day", "Set it to 1 to 1000000 requests")]
    [TestCase("Orders:RateLimits:Read", "0/s", "Set it to 1 to 1000000 requests")]
    [TestCase("Orders:RateLimits:Write", "1000001/h", "Set it to 1 to 1000000 requests")]
    [TestCase("Orders:RateLimits:Write", "99999999999/h", "Set it to 1 to 1000000 requests")]
    [TestCase("Orders:RateLimits:Write", "-5/s", "Set it to 1 to 1000000 requests")]
    [TestCase("Orders:RateLimits:Write", "100/s burst 0", "Set it to 1 to 1000000 requests")]
    [TestCase("Orders:RateLimits:Write", "100/s burst", "Set it to 1 to 1000000 requests")]
    [TestCase("Orders:RateLimits:Write", "100/s burst 9", "Set its burst to 10 or more")]
    [TestCase("Orders:RateLimits:Write", "1000/min burst 1", "Set its burst to 2 or more")]
    public void A_value_that_can_not_be_is_refused_as_it_was_given(string key, string value, string remedy)
    {
        StartupException? refusal = Assert.Throws<StartupException>(() => Check((key, value)));
        Assert.That(refusal?.Message, Does.StartWith($"{key} is '{value}'. {remedy}"));
    }

    [Test]
    public void Other_programs_settings_and_ours_in_any_case_are_let_through() => Assert.That(
        () => Check(
            ("ConnectionStrings:Billing", "x"), ("ConnectionStrings:orders", "Host=x"), ("Logging:LogLevel:Default", "Warning"), ("ORDERS:COUNTMAXAGE", "00:00:05"),
            ("Orders:RequestTimeout", ""), ("ORDER", "x"), ("Traders:X", "x"), ("Database:X", "x"), ("Kestrel:Endpoints:Http:Url", "http://localhost:1"), ("Serilog:Properties:Application", "x")),
        Throws.Nothing);

    [Test]
    public void A_blank_value_is_as_good_as_none()
    {
        IConfiguration configuration = Configuration(
            ("Orders:MigrateOnStart", ""), ("Orders:CountMaxAge", " "), ("Orders:DatabaseWait", ""), ("Orders:StatusChanges", ""), ("Orders:OverlaySchema", ""));
        SettingsCheck.Run(configuration, new Dictionary<string, Type>(Sections, StringComparer.OrdinalIgnoreCase));
        OrdersOptions options = configuration.GetSection(OrdersOptions.Section).Get<OrdersOptions>()!;
        var defaults = new OrdersOptions();
        Assert.That(
            (options.MigrateOnStart, options.CountMaxAge, options.DatabaseWait, options.StatusChanges, options.OverlaySchema),
            Is.EqualTo((false, defaults.CountMaxAge, defaults.DatabaseWait, defaults.StatusChanges, defaults.OverlaySchema)));
    }

    [TestCase("2", 2)]
    [TestCase("0.5", 0.5)]
    [TestCase("00:01:30", 90)]
    public void Durations_are_bound_as_seconds_or_as_a_clock_shows_them(string text, double seconds)
    {
        IConfiguration configuration = Configuration(("Orders:CountMaxAge", text), ("Orders:DatabaseWait", text));
        OrdersOptions options = configuration.GetSection(OrdersOptions.Section).Get<OrdersOptions>()!;
        Assert.That((options.CountMaxAge.Value.TotalSeconds, options.DatabaseWait?.Value.TotalSeconds), Is.EqualTo((seconds, seconds)));
    }

    [TestCase("100/s", 100, 1, 100)]
    [TestCase("1000/min", 1000, 60, 1000)]
    [TestCase("5000/h", 5000, 3600, 5000)]
    [TestCase("100/s burst 10", 100, 1, 10)]
    [TestCase(" 100 / S  BURST  200 ", 100, 1, 200)]
    [TestCase("1000000/s", 1000000, 1, 1000000)]
    public void Rates_are_bound_with_their_burst(string text, int requests, int seconds, int burst)
    {
        Check(("Orders:RateLimits:Read", text), ("Orders:RateLimits:Write", ""));
        OrdersOptions options = Configuration(("Orders:RateLimits:Read", text)).GetSection(OrdersOptions.Section).Get<OrdersOptions>()!;
        Assert.That(options.RateLimits.Read, Is.EqualTo(new RateLimit(requests, TimeSpan.FromSeconds(seconds), burst)));
        Assert.That(RateLimit.Parse(options.RateLimits.Read.ToString()!), Is.EqualTo(options.RateLimits.Read));
        Assert.That(options.RateLimits.Write, Is.Null);
    }

    [TestCase("--Orders:CountMaxAges=5", "Orders:CountMaxAge?")]
    [TestCase("--Orders:RateLimits:Writes=5/s", "Orders:RateLimits:Write?")]
    [TestCase("--ConnectionString:Orders=Host=x", "ConnectionStrings:Orders?")]
    public async Task The_program_and_its_commands_refuse_an_unknown_name_in_one_sentence(string argument, string meant)
    {
        foreach (string[] command in new[] { Array.Empty<string>(), ["migrate"], ["lakebase", "status"] })
        {
            using ApiProcess process = ApiProcess.Start("Production", [.. command, "--ConnectionStrings:Orders=Host=127.0.0.1;Port=1", argument]);
            Assert.That(await process.EndAsync(), Is.EqualTo(1));
            Assert.That(process.Errors.Trim().Split('\n'), Has.Length.EqualTo(1));
            Assert.That(process.Errors, Does.Contain(meant));
        }
    }

    [Test]
    public async Task A_settings_file_that_is_not_JSON_is_named_with_the_place()
    {
        using var folder = new TestFolder();
        Directory.CreateDirectory(folder.Data);
        await File.WriteAllTextAsync(Path.Combine(folder.Data, "appsettings.json"), "{\n  \"Orders\": }\n");
        using ApiProcess process = ApiProcess.Start("Production", $"--contentroot={folder.Data}", "--ConnectionStrings:Orders=Host=127.0.0.1;Port=1");
        Assert.That(await process.EndAsync(), Is.EqualTo(1));
        Assert.That(process.Errors, Does.Contain("appsettings.json").And.Contain("LineNumber: 1").And.Not.Contain("   at "));
    }

    [Test]
    public void The_published_defaults_are_those_of_the_options()
    {
        IConfiguration published = new ConfigurationBuilder().AddJsonFile(Path.Combine(SourceTree.Root, "Orders.Api", "appsettings.json")).Build();
        foreach ((string section, Type type) in Sections)
        {
            object defaults = Activator.CreateInstance(type)!;
            object? bound = published.GetSection(section).Get(type);
            foreach (PropertyInfo property in type.GetProperties())
            {
                if (IsSection(property))
                {
                    // Its settings have no defaults.
                    Assert.That(published.GetSection($"{section}:{property.Name}").Exists(), Is.False);
                    continue;
                }

                string setting = $"{section}:{property.Name}";
                bool hasDefault = property.GetValue(defaults) is not null;
                Assert.That(published.GetSection(setting).Exists(), Is.EqualTo(hasDefault), $"{setting} in appsettings.json");
                Assert.That(bound is null ? null : property.GetValue(bound), Is.EqualTo(property.GetValue(defaults)), setting);
            }
        }
    }

    [Test]
    public async Task The_documented_defaults_are_those_of_the_options()
    {
        string readme = await File.ReadAllTextAsync(Path.Combine(SourceTree.Root, "README.md"));
        int compared = 0;
        foreach (Match row in Row().Matches(readme))
        {
            if (Sections.TryGetValue(row.Groups["section"].Value, out Type? type) && type.GetProperty(row.Groups["name"].Value) is { } property
                && property.GetValue(Activator.CreateInstance(type)) is { } value and not null)
            {
                string expected = value is bool truth ? (truth ? "true" : "false") : value.ToString()!;
                Assert.That(row.Groups["default"].Value, Is.EqualTo(expected), property.Name);
                compared++;
            }
        }

        Assert.That(compared, Is.GreaterThanOrEqualTo(5));
    }

    [Test]
    public void Every_setting_has_a_row_in_a_documented_table()
    {
        string documentation = File.ReadAllText(Path.Combine(SourceTree.Root, "README.md")) + File.ReadAllText(Path.Combine(SourceTree.Root, "docs", "lakebase.md"));
        IEnumerable<string> settings = Sections
            .Append(KeyValuePair.Create("Orders:RateLimits", typeof(RateLimitOptions)))
            .Append(KeyValuePair.Create("Orders:Cors", typeof(CorsOptions)))
            .SelectMany(section => section.Value.GetProperties()
                .Where(property => !IsSection(property))
                .Select(property => $"{section.Key}:{property.Name}"));
        Assert.That(settings.Where(setting => !documentation.Contains($"`{setting}`", StringComparison.Ordinal)), Is.Empty);
    }

    /// <summary>Whether it is a section of its own.</summary>
    private static bool IsSection(PropertyInfo property) => property.PropertyType == typeof(RateLimitOptions) || property.PropertyType == typeof(CorsOptions);

    private static Dictionary<string, Type> Sections => new(InfrastructureServiceCollectionExtensions.SettingSections) { [OrdersOptions.Section] = typeof(OrdersOptions) };

    private static IConfiguration Configuration(params (string Key, string Value)[] settings) => new ConfigurationBuilder()
        .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)))
        .Build();

    private static void Check(params (string Key, string Value)[] settings) =>
        SettingsCheck.Run(Configuration(settings), new Dictionary<string, Type>(Sections, StringComparer.OrdinalIgnoreCase));

    [GeneratedRegex(@"^\| `(?<section>\w+):(?<name>\w+)` \| `(?<default>[^`]+)`", RegexOptions.Multiline)]
    private static partial Regex Row();
}
