using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Orders.Api.Security;
using Orders.Application;
using Orders.Application.Lakebase;
using Orders.Infrastructure;

namespace Orders.Tests.Lakebase.Provisioning;

internal sealed class ResourceSettingsReaderTests
{
    private static readonly Dictionary<string, string?> Recipe = new()
    {
        ["LAKEBASE_INSTANCE_NAME"] = "orders",
        ["LAKEBASE_CATALOG_NAME"] = "my-catalog",
        ["SYNCHED_TABLE_STORAGE_CATALOG"] = "main",
        ["SYNCHED_TABLE_STORAGE_SCHEMA"] = "default",
        ["DATABRICKS_HOST"] = "https://example.com",
        ["DATABRICKS_TOKEN"] = "token",
    };

    [Test]
    public void The_recipes_variables_are_enough()
    {
        ResourceNames names = Provisioner(Recipe).Plan(ResourceAction.Create).Names;
        Assert.That(names, Is.EqualTo(new ResourceNames("orders", "my-catalog", "my-catalog.public.orders_synced")));
    }

    [TestCase("LAKEBASE_INSTANCE_NAME", "Lakebase__Endpoint")]
    [TestCase("LAKEBASE_CATALOG_NAME", "LAKEBASE_CATALOG_NAME")]
    [TestCase("SYNCHED_TABLE_STORAGE_CATALOG", "SYNCHED_TABLE_STORAGE_CATALOG")]
    [TestCase("SYNCHED_TABLE_STORAGE_SCHEMA", "SYNCHED_TABLE_STORAGE_SCHEMA")]
    public void A_name_that_is_missing_is_asked_for(string missing, string named) =>
        Assert.That(() => Provisioner(Recipe.Where(pair => pair.Key != missing)), Throws.TypeOf<StartupException>().With.Message.Contains(named));

    [Test]
    public void The_catalog_that_is_made_can_not_hold_the_pipelines_files() => Assert.That(
        () => Provisioner(Recipe.Append(new("Lakebase:StorageCatalog", "my-catalog"))),
        Throws.TypeOf<StartupException>().With.Message.Contains("Lakebase__StorageCatalog is 'my-catalog'"));

    [Test]
    public void What_is_deleted_is_named_before() => Assert.That(
        Provisioner(Recipe).Plan(ResourceAction.Delete).Steps.Select(step => $"{step.Resource}: {step.Name}"),
        Is.EqualTo(new[] { "Synced table: my-catalog.public.orders_synced", "Catalog: my-catalog", "Database instance: orders" }));

    [TestCase("too-short-for-a-key-of-anything", "32 characters")]
    [TestCase("a key with blanks in it is no bearer's", "can't carry")]
    [TestCase("ein-schlüssel-mit-einem-umlaut-darin", "can't carry")]
    public void A_key_that_is_no_good_is_refused(string key, string reason) =>
        Assert.That(() => ResourcesOptions.From(Configuration([new("Lakebase:ResourcesKey", key)])), Throws.TypeOf<StartupException>().With.Message.Contains(reason));

    [TestCase(null)]
    [TestCase("")]
    public void Without_a_key_nobody_has_it(string? key) => Assert.That(ResourcesOptions.From(Configuration([new("Lakebase:ResourcesKey", key)])), Is.Null);

    [Test]
    public void A_service_without_Lakebase_refuses_a_key() => Assert.That(
        () => Program.BuildApi(["--ConnectionStrings:Orders=Host=127.0.0.1", $"--Lakebase:ResourcesKey={new string('k', 40)}"]),
        Throws.TypeOf<StartupException>().With.Message.Contains("Lakebase__Endpoint"));

    private static IResourceProvisioner Provisioner(IEnumerable<KeyValuePair<string, string?>> settings)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton(TimeProvider.System);
        services.AddLakebaseResources(Configuration(settings));
        return services.BuildServiceProvider().GetRequiredService<IResourceProvisioner>();
    }

    private static IConfiguration Configuration(IEnumerable<KeyValuePair<string, string?>> settings) =>
        new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
}
