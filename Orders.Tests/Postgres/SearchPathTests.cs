using Npgsql;
using Orders.Application.Overlay;
using Orders.Infrastructure.Postgres;
using Orders.Tests.Support;

namespace Orders.Tests.Postgres;

/// <summary>The table is looked for in public, or where the operator says; never in a schema that happens to have the role's name.</summary>
internal sealed class SearchPathTests
{
    private const string Change = """{"o_orderstatus":"F"}""";
    private const string RefusedByPooler = "A pooler in front of the database refuses Search Path in ConnectionStrings:Orders";
    private const string Dropped = "Search Path in ConnectionStrings:Orders does not reach the database";

    [TestCase("Host=db", "public")]
    [TestCase("Host=db;Search Path=", "public")]
    [TestCase("Host=db;Search Path=sales, public", "sales, public")]
    [TestCase("Host=db;Options=-c search_path=sales", null)]
    [TestCase("Host=db;Options=-c work_mem=8MB", "public")]
    public async Task What_the_connection_string_leaves_open_is_public(string connectionString, string? path)
    {
        await using ServerDataSource dataSource = OrdersDataSource.Create(connectionString);
        Assert.That(new NpgsqlConnectionStringBuilder(dataSource.Current.ConnectionString).SearchPath, Is.EqualTo(path));
    }

    [Test]
    public async Task A_schema_of_the_roles_name_is_not_looked_into()
    {
        await using TestDatabase database = await TestDatabase.CreateEmptyAsync();
        string role = await OwnSchemaAsync(database);
        await using RunningApi api = await RunningApi.StartAsync(role);
        Assert.That((await api.GetAsync("/health/ready")).Detail, Does.Contain("not in the search path").And.Contain("Search Path"));
        Assert.That((await api.GetAsOperatorAsync("/health/ready")).Detail, Does.Contain("The search path is public"));
    }

    [Test]
    public async Task It_is_looked_into_where_the_connection_string_says_so()
    {
        await using TestDatabase database = await TestDatabase.CreateEmptyAsync();
        string role = await OwnSchemaAsync(database);
        await using RunningApi api = await RunningApi.StartAsync($"{role};Search Path='\"$user\", public'");
        Assert.That((await api.GetAsync("/health/ready")).Status, Is.EqualTo(200));
    }

    [TestCase("")]
    [TestCase("ignore_startup_parameters = search_path")]
    public async Task Behind_a_pooler_that_takes_no_search_path_it_is_refused(string settings)
    {
        await using TestDatabase database = await TestDatabase.CreateEmptyAsync();
        await using PgBouncer bouncer = await PgBouncer.StartAsync(await OwnSchemaAsync(database), PgBouncer.PoolMode.Transaction, settings);
        await using RunningApi api = await RunningApi.StartAsync(bouncer.ConnectionString);
        RunningApi.Answer ready = await api.GetAsync("/health/ready");
        Assert.That((ready.Status, ready.Detail.Contains("the schema that has the name of the role", StringComparison.Ordinal)), Is.EqualTo((503, true)), ready.Body);
        Assert.That((await api.PostStatusAsync(1, Change)).Detail, Is.EqualTo(ready.Detail));
    }

    [Test]
    public async Task Readiness_tells_that_the_path_of_the_role_counts_behind_a_pooler_that_takes_none()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(1);
        await using PgBouncer bouncer = await PgBouncer.StartAsync(await database.CreateRoleWithPathAsync(), PgBouncer.PoolMode.Transaction);
        await using RunningApi api = await RunningApi.StartAsync(bouncer.ConnectionString);
        RunningApi.Answer ready = await api.GetAsync("/health/ready");
        Assert.That((ready.Status, ready.Body), Is.EqualTo((200, ready.Body)));
        Assert.That(ready.Detail, Does.Contain("pooler").And.Contain("search path"));
        await using RunningApi prepares = await RunningApi.StartAsync($"{bouncer.ConnectionString};Max Auto Prepare=0");
        Assert.That((await prepares.GetAsync("/health/ready")).Detail, Does.StartWith("A pooler refuses to set the search path"));
    }

    [TestCase("", RefusedByPooler)]
    [TestCase("ignore_startup_parameters = search_path", Dropped)]
    public async Task A_search_path_of_the_operator_that_the_pooler_does_not_take_is_named(string settings, string sentence)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(1);
        await using PgBouncer bouncer = await PgBouncer.StartAsync(await database.CreateRoleWithPathAsync(), PgBouncer.PoolMode.Transaction, settings);
        await using RunningApi api = await RunningApi.StartAsync($"{bouncer.ConnectionString};Search Path=sales", "--Orders:DatabaseWait=5");
        foreach (string path in new[] { "/health/ready", "/api/v1/orders/1" })
        {
            RunningApi.Answer answer = await api.GetAsync(path);
            Assert.That((answer.Status, answer.Code), Is.EqualTo((503, "database_unavailable")), answer.Body);
            Assert.That(answer.Detail, Does.StartWith(sentence).And.Not.Contain("sales"));
        }
    }

    [TestCase("")]
    [TestCase("ignore_startup_parameters = search_path")]
    public async Task Behind_a_pooler_the_overlay_never_changes_the_synced_table(string settings)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(StatusChangeMode.Overlay, 1);
        string role = await database.CreateRoleWithPathAsync();
        await database.ExecuteAsync($"alter role {database.Schema}_role set search_path = {database.Schema}");
        await using PgBouncer bouncer = await PgBouncer.StartAsync(role, PgBouncer.PoolMode.Transaction, settings);
        await using RunningApi api = await RunningApi.StartAsync(bouncer.ConnectionString, database.Settings);
        RunningApi.Answer change = await api.PostStatusAsync(1, Change);
        Assert.That((change.Status, change.Detail.Contains("does not lead to the overlay", StringComparison.Ordinal)), Is.EqualTo((503, true)), change.Body);
        Assert.That((await api.GetAsync("/health/ready")).Detail, Is.EqualTo(change.Detail));
        Assert.That(await database.ScalarAsync<string>($"select o_orderstatus from {database.Table}"), Is.EqualTo("O"));
    }

    /// <summary>The table in a schema that has the name of the role that serves.</summary>
    private static async Task<string> OwnSchemaAsync(TestDatabase database)
    {
        var role = new NpgsqlConnectionStringBuilder(await database.CreateRoleAsync());
        await database.CreateTableAsync();
        await database.ExecuteAsync(
            $"""
            create schema {role.Username};
            alter table {database.Table} set schema {role.Username};
            alter table {role.Username}.orders_synced owner to {role.Username};
            alter schema {role.Username} owner to {role.Username};
            """);
        role.Remove("Search Path");
        return role.ConnectionString;
    }
}
