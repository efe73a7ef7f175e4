using Orders.Application.Overlay;
using Orders.Domain;
using Orders.Tests.Support;

namespace Orders.Tests.Commands;

/// <summary>The command in a process of its own.</summary>
internal sealed class OverlayCommandTests
{
    private TestDatabase _database = null!;

    [SetUp]
    public async Task SetUpAsync()
    {
        _database = await TestDatabase.CreateEmptyAsync(StatusChangeMode.Overlay);
        await _database.CreateTableAsync();
        await _database.InsertAsync(1, 2, 3);
    }

    [TearDown]
    public async Task TearDownAsync() => await _database.DisposeAsync();

    [Test]
    public async Task The_command_shows_the_plan_installs_describes_and_removes_the_overlay()
    {
        (int code, string output, string errors) = await RunAsync("install");
        Assert.That((code, errors), Is.EqualTo((1, "Nothing was done: standard input is not a terminal, so this command can't ask for confirmation. Add --yes to confirm.")));
        Assert.That(output, Does.Contain($"create schema \"{_database.StatusChanges.OverlaySchema}\"").And.Contain("instead of update"));
        Assert.That((await RunAsync("status")).Code, Is.EqualTo(1));

        Assert.That((await RunAsync("install", "--yes")).Code, Is.Zero);
        Assert.That((await RunAsync("install", "--yes")).Code, Is.Zero);
        await _database.Repository.UpdateStatusAsync(1, OrderStatus.Fulfilled, null, CancellationToken.None);

        (code, output, errors) = await RunAsync("status");
        Assert.That(code, Is.Zero, output + errors);
        Assert.That(output, Does.Contain("is installed").And.Contain("exists").And.Contain("1 of 1 orders").And.Contain("has all rights that the service needs"));

        (code, _, errors) = await RunAsync("remove", "--yes");
        Assert.That((code, errors.Contains("--discard-changes", StringComparison.Ordinal)), Is.EqualTo((1, true)), errors);
        Assert.That((await RunAsync("remove", "--keep-changes", "--discard-changes", "--yes")).Code, Is.EqualTo(1));
        Assert.That((await RunAsync("remove", "--discard-changes", "--yes")).Code, Is.Zero);
        (code, output, _) = await RunAsync("remove", "--yes");
        Assert.That((code, output), Is.EqualTo((0, "Nothing is installed.")));
    }

    [Test]
    public async Task Migrate_and_seed_refuse_to_change_a_synced_table()
    {
        foreach (string command in new[] { "migrate", "seed" })
        {
            using ApiProcess process = ApiProcess.Start("Production", [command, $"--ConnectionStrings:Orders={_database.ConnectionString}", .. _database.Settings]);
            Assert.That(await process.EndAsync(), Is.EqualTo(1));
            Assert.That(process.Errors.Trim(), Does.Contain("overlay install").And.Not.Contain("   at "));
        }

        Assert.That(await _database.ScalarAsync<long>($"select count(*) from {_database.Table}"), Is.EqualTo(3));
    }

    [Test]
    public async Task An_overlay_without_a_configured_database_is_refused()
    {
        using ApiProcess process = ApiProcess.Start("Development", "--Orders:StatusChanges=Overlay");
        Assert.That(await process.EndAsync(), Is.EqualTo(1));
        Assert.That(process.Errors.Trim(), Does.Contain("ConnectionStrings__Orders").And.Not.Contain("   at "));
    }

    private async Task<(int Code, string Output, string Errors)> RunAsync(params string[] arguments)
    {
        using ApiProcess process = ApiProcess.Start(
            "Production", ["overlay", .. arguments, $"--ConnectionStrings:Orders={_database.ConnectionString}", .. _database.Settings]);
        int code = await process.EndAsync();
        return (code, process.Output.Trim(), process.Errors.Trim());
    }
}
