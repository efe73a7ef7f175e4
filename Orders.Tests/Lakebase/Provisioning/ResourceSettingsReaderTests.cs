using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
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

    private static IResourceProvisioner Provisioner(IEnumerable<KeyValuePair<string, string?>> settings)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton(TimeProvider.System);
        services.AddLakebaseResources(new ConfigurationBuilder().AddInMemoryCollection(settings).Build());
        return services.BuildServiceProvider().GetRequiredService<IResourceProvisioner>();
    }
}
