using System.Text.RegularExpressions;
using Npgsql;
using Orders.Application.Overlay;
using Orders.Tests.Support;

namespace Orders.Tests.Servers;

/// <summary>The service as a role that has the grants of the documentation and no other.</summary>
[TestFixture(StatusChangeMode.InPlace, "operations.md", "orders_api")]
[TestFixture(StatusChangeMode.Overlay, "lakebase.md", "orders_web")]
[Category("Persistence")]
internal sealed partial class LeastGrantsTests(StatusChangeMode mode, string page, string documentedRole) : EveryOperationTests
{
    private TestDatabase _database = null!;
    private string _role = "";

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        Keys = [.. Enumerable.Range(1, 1500).Select(key => (long)key)];
        _database = await TestDatabase.CreateAsync(mode, Keys);
        string role = await _database.CreateRoleAsync();
        _role = new NpgsqlConnectionStringBuilder(role).Username!;
        foreach (string grant in Grants())
        {
            await _database.ExecuteAsync(grant);
        }

        Api = await RunningApi.StartAsync(role, [.. _database.Settings, ExactCount]);
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        await Api.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Test]
    public async Task The_role_may_change_no_other_column_and_remove_nothing()
    {
        string table = mode == StatusChangeMode.Overlay ? $"{_database.StatusChanges.OverlaySchema}.orders_synced" : _database.Table;
        Assert.That(
            await _database.ScalarAsync<string>(
                $"""
                select string_agg(attname, ',' order by attnum) from pg_attribute
                where attrelid = '{table}'::regclass and attnum > 0 and has_column_privilege('{_role}', attrelid, attnum, 'update')
                """),
            Is.EqualTo("o_orderstatus"));
        Assert.That(
            await _database.ScalarAsync<bool>($"select has_table_privilege('{_role}', '{table}', 'insert, update, delete, truncate, references, trigger')"),
            Is.False);
    }

    /// <summary>Those of the page for the role that serves, with the names of this test.</summary>
    private string[] Grants()
    {
        string text = File.ReadAllText(Path.Combine(SourceTree.Root, "docs", page));
        string[] grants = [.. Grant().Matches(text).Select(match => match.Value).Where(grant => grant.Contains($" to {documentedRole};", StringComparison.Ordinal))];
        Assert.That(grants, Has.Length.GreaterThanOrEqualTo(2));
        return
        [
            .. grants.Select(grant => grant
                .Replace(documentedRole, _role, StringComparison.Ordinal)
                .Replace("orders_overlay", _database.StatusChanges.OverlaySchema, StringComparison.Ordinal)
                .Replace("public", _database.Schema, StringComparison.Ordinal)),
        ];
    }

    [GeneratedRegex("^grant .*;$", RegexOptions.Multiline)]
    private static partial Regex Grant();
}
