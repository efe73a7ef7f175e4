using System.Text;
using Npgsql;
using Orders.Application.Overlay;
using Orders.Infrastructure.Postgres;
using Orders.Tests.Support;

namespace Orders.Tests.Postgres;

/// <summary>Errors of statements as a client meets them, made by a real server.</summary>
[Category("Persistence")]
internal sealed class StatementErrorTests
{
    private TestDatabase _database = null!;

    [SetUp]
    public async Task SetUpAsync() => _database = await TestDatabase.CreateLocalAsync(StatusChangeMode.InPlace, 1, 2, 3);

    [TearDown]
    public async Task TearDownAsync() => await _database.DisposeAsync();

    /// <summary>The server ends the session while it is idle, so the next statement did not happen.</summary>
    [Test]
    public async Task A_session_that_was_ended_for_being_idle_is_replaced_for_reads_and_changes()
    {
        await using RunningApi api = await RunningApi.StartAsync(OneSession("-c idle_session_timeout=200ms"));
        Assert.That((await api.GetAsync("/api/v1/orders/1")).Status, Is.EqualTo(200));
        await WaitForEndOfSessionAsync();
        Assert.That((await api.GetAsync("/api/v1/orders/1")).Status, Is.EqualTo(200));
        await WaitForEndOfSessionAsync();
        Assert.That((await api.PostStatusAsync(1, """{"o_orderstatus":"F"}""")).Status, Is.EqualTo(200));
    }

    [Test]
    public async Task A_change_that_row_security_refuses_is_an_internal_error_and_leaves_the_pool_alone()
    {
        string connection = await CreateRoleOfOpenOrdersAsync();
        await using RunningApi api = await RunningApi.StartAsync(new NpgsqlConnectionStringBuilder(connection) { MaxPoolSize = 1 }.ConnectionString);
        await api.GetAsync("/api/v1/orders/1");
        long before = await SessionAsync();
        RunningApi.Answer refused = await api.PostStatusAsync(1, """{"o_orderstatus":"P"}""");
        Assert.That((refused.Status, refused.Code), Is.EqualTo((500, "internal_error")));
        Assert.That((await api.PostStatusAsync(1, """{"o_orderstatus":"F"}""")).Status, Is.EqualTo(200));
        Assert.That(await SessionAsync(), Is.EqualTo(before));
    }

    [Test]
    public async Task The_cause_of_a_change_that_row_security_refuses_is_in_the_log()
    {
        string connection = await CreateRoleOfOpenOrdersAsync();
        using ApiProcess process = ApiProcess.Start("Production", $"--ConnectionStrings:Orders={connection}", "--urls=http://127.0.0.1:0");
        using var client = new HttpClient { BaseAddress = await process.ListeningAsync() };
        using var body = new StringContent("""{"o_orderstatus":"P"}""", Encoding.UTF8, "application/json");
        using HttpResponseMessage refused = await client.PostAsync(new Uri("/api/v1/orders/1/status", UriKind.Relative), body);
        process.Terminate();
        await process.EndAsync();
        Assert.That((int)refused.StatusCode, Is.EqualTo(500));
        Assert.That(process.Output.Split('\n').Where(line => line.Contains("row-level security", StringComparison.Ordinal)), Has.Exactly(1).Items);
    }

    /// <summary>As behind a pooler in transaction mode: another client has prepared a statement of this name in the session.</summary>
    [Test]
    public async Task A_statement_whose_name_is_taken_in_the_session_runs_on_another_connection()
    {
        await using RunningApi api = await RunningApi.StartAsync(OneSession(""));
        await api.GetAsync("/api/v1/orders/1");
        await using (ServerDataSource other = OrdersDataSource.Create(_database.ConnectionString))
        await using (NpgsqlConnection connection = await other.Current.OpenConnectionAsync())
        {
            await using var command = new NpgsqlCommand("select 1", connection);
            await command.ExecuteScalarAsync();
        }

        // From the second use on, the driver prepares statements by itself.
        foreach (int key in new[] { 1, 2, 3, 1 })
        {
            Assert.That((await api.GetAsync($"/api/v1/orders/{key}")).Status, Is.EqualTo(200));
        }
    }

    /// <summary>A deadlock and a serialization failure undo the statement, which then runs once more.</summary>
    [TestCase("serialization_failure")]
    [TestCase("deadlock_detected")]
    public async Task A_change_that_was_undone_for_others_runs_once_more(string condition)
    {
        await _database.ExecuteAsync(
            $"""
            create sequence {_database.Schema}.attempts;
            create function {_database.Schema}.first_fails() returns trigger language plpgsql as $$
            begin
                if nextval('{_database.Schema}.attempts') = 1 then raise exception using errcode = '{condition}'; end if;
                return new;
            end $$;
            create trigger first_fails before update on orders_synced for each row execute function {_database.Schema}.first_fails()
            """);
        await using RunningApi api = await RunningApi.StartAsync(_database.ConnectionString);
        Assert.That((await api.PostStatusAsync(1, """{"o_orderstatus":"F"}""")).Status, Is.EqualTo(200));
        Assert.That(await _database.ScalarAsync<long>($"select last_value from {_database.Schema}.attempts"), Is.EqualTo(2));
    }

    /// <returns>The connection string of a role whose changes to P a policy refuses.</returns>
    private async Task<string> CreateRoleOfOpenOrdersAsync()
    {
        await _database.ExecuteAsync(
            """
            alter table orders_synced enable row level security;
            create policy readable on orders_synced for select using (true);
            create policy open_only on orders_synced for update using (true) with check (o_orderstatus <> 'P')
            """);
        return await _database.CreateServingRoleAsync();
    }

    private string OneSession(string options) =>
        new NpgsqlConnectionStringBuilder(_database.ConnectionString) { MaxPoolSize = 1, ApplicationName = _database.Schema, Options = options }.ConnectionString;

    private async Task WaitForEndOfSessionAsync()
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (await _database.ScalarAsync<bool>($"select exists (select from pg_stat_activity where application_name = '{_database.Schema}')"))
        {
            Assert.That(deadline.IsCancellationRequested, Is.False, "The session is still there.");
        }
    }

    private Task<long> SessionAsync() => _database.ScalarAsync<long>($"select max(pid)::bigint from pg_stat_activity where usename = '{_database.Schema}_role'");
}
