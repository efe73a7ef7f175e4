using Orders.Tests.Support;

namespace Orders.Tests.Servers;

/// <summary>The service on everything that may stand under the name of its table.</summary>
[TestFixtureSource(typeof(TableScript), nameof(TableScript.Kinds))]
[Category("Persistence")]
internal sealed class TableKindTests(TableKind kind) : EveryOperationTests
{
    private TestDatabase _database = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        // Sparse, as TPC-H's are.
        Keys = [.. Enumerable.Range(1, 2500).Select(number => (number / 8 * 32L) + (number % 8))];
        _database = await TestDatabase.CreateAsync(kind, Keys);
        Api = await RunningApi.StartAsync(_database.ConnectionString, [.. _database.Settings, ExactCount]);
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        await Api.DisposeAsync();
        await _database.DisposeAsync();
    }
}
