using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Moq;
using Npgsql;
using Orders.Api.Security;
using Orders.Application.Orders;
using Orders.Infrastructure.Lakebase.Connecting;
using Orders.Infrastructure.Lakebase.Workspace;
using Orders.Tests.Support;

namespace Orders.Tests.Telemetry;

/// <summary>Each fault moves the instrument that its alert is made of, and the instrument goes back when it is over.</summary>
internal sealed class InstrumentTests
{
    [TestCase("0")]
    [TestCase("0.2")]
    public async Task A_database_that_is_away_opens_the_circuit(string wait)
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(1);
        await using var link = new DatabaseLink(database.ConnectionString);
        link.Restore();
        await using RunningApi api = await RunningApi.StartAsync(link.ConnectionString, $"--Orders:DatabaseWait={wait}");
        using var state = new Measured("orders.circuit_breaker.state");
        (string, object) server = ("server.port", new NpgsqlConnectionStringBuilder(link.ConnectionString).Port);
        Assert.That((await api.GetAsync("/api/v1/orders/1")).Status, Is.EqualTo(200));
        Assert.That(state.Last(server, ("state", "open")), Is.Zero);
        link.Cut();
        Assert.That((await api.GetAsync("/api/v1/orders/1")).Status, Is.EqualTo(503));
        Assert.That(state.Last(server, ("state", "open")), Is.EqualTo(1));
        Assert.That(state.Last(server, ("state", "closed")), Is.Zero);
        link.Restore();
        Assert.That((await api.GetAsync("/api/v1/orders/1")).Status, Is.EqualTo(200));
        Assert.That(state.Last(server, ("state", "open")), Is.Zero);
        Assert.That(state.Last(server, ("state", "closed")), Is.EqualTo(1));
    }

    [Test]
    public async Task Overload_counts_what_is_refused()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(1);
        await using RunningApi api = await RunningApi.StartAsync(database.ConnectionString, "--Orders:MaxConcurrentRequests=1");
        await api.GetAsync("/api/v1/orders/1");
        using var refused = new Measured("orders.requests.refused");
        Task<RunningApi.Answer>[] answers;
        await using (LockedTable locked = await LockedTable.TakeAsync(database))
        {
            answers = [.. Enumerable.Range(0, 8).Select(_ => api.GetAsync("/api/v1/orders/1"))];
            while (answers.Count(answer => answer.IsCompleted) < 6)
            {
                await Task.WhenAny(answers.Where(answer => !answer.IsCompleted));
            }
        }

        int overloaded = (await Task.WhenAll(answers)).Count(answer => answer.Status == 503);
        Assert.That(overloaded, Is.Positive);
        Assert.That(refused.Sum(("orders.limit", "concurrency")), Is.EqualTo(overloaded));
    }

    [Test]
    public async Task A_callers_rate_counts_what_is_refused()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(1);
        await using RunningApi api = await RunningApi.StartAsync(database.ConnectionString, "--Orders:RateLimits:Read=1/h");
        using var refused = new Measured("orders.requests.refused");
        Assert.That((await api.GetAsync("/api/v1/orders/1")).Status, Is.EqualTo(200));
        Assert.That((await api.GetAsync("/api/v1/orders/1")).Status, Is.EqualTo(429));
        Assert.That(refused.Sum(("orders.limit", "read")), Is.EqualTo(1));
    }

    [Test]
    public async Task Credentials_count_by_what_becomes_of_them()
    {
        const string key = "orders_key_of_the_test";
        await using TestDatabase database = await TestDatabase.CreateAsync(1);
        await using RunningApi api = await RunningApi.StartAsync(
            database.ConnectionString, "--Orders:AnonymousAccess=None", $"--Authentication:ApiKeys:suite:Sha256={Convert.ToHexString(ApiKey.Digest(key))}",
            "--Authentication:ApiKeys:suite:Scopes=orders.write", "--Authentication:ApiKeys:reader:Scopes=orders.read",
            $"--Authentication:ApiKeys:reader:Sha256={Convert.ToHexString(ApiKey.Digest("other"))}", "--Authentication:Schemes:Bearer:Authority=https://127.0.0.1:1",
            "--Authentication:Schemes:Bearer:ValidAudiences:0=orders");
        using var results = new Measured("orders.authentication.results");
        await api.GetAsync("/api/v1/orders/1");
        await api.GetAsync("/api/v1/orders/1", ("X-API-Key", "wrong"));
        await api.GetAsync("/api/v1/orders/1", ("X-API-Key", key));
        await api.GetAsync("/api/v1/orders/1", ("X-API-Key", "other"));
        await api.GetAsync("/api/v1/orders/1", ("Authorization", "Bearer eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ4In0.AAAA"));
        await api.GetAsync("/health/live");
        foreach (string result in new[] { "missing", "invalid", "forbidden", "accepted", "unavailable" })
        {
            Assert.That(results.Sum(("orders.authentication.result", result)), Is.EqualTo(1), result);
        }
    }

    [Test]
    public async Task A_count_ages_and_tells_whether_it_was_answered_from_memory()
    {
        var time = new FakeTimeProvider();
        var orders = new Mock<IOrderRepository>();
        orders.Setup(repository => repository.ReadKeyIndexAsync(It.IsAny<KeyIndex?>(), It.IsAny<CancellationToken>())).ReturnsAsync(new KeyIndex([0, 5], [4, 3]));
        using var counts = new CountCache(orders.Object, TimeSpan.FromHours(1), time);
        using var age = new Measured("orders.key_index.age");
        using var blocks = new Measured("orders.key_index.blocks");
        using var requests = new Measured("orders.count.requests");
        await counts.CountAsync(null, CancellationToken.None);
        time.Advance(TimeSpan.FromSeconds(1234.5));
        await counts.CountAsync(null, CancellationToken.None);
        Assert.That(age.Values(), Does.Contain(1234.5));
        Assert.That(blocks.Values(), Does.Contain(2));
        Assert.That((requests.Sum(("orders.source", "database")), requests.Sum(("orders.source", "memory"))), Is.EqualTo((1, 1)));
    }

    [Test]
    public async Task A_password_that_is_not_renewed_counts_as_failed_and_ages()
    {
        var time = new FakeTimeProvider();
        var credentials = new DatabaseCredentials(time);
        using var renewals = new Measured("orders.credential.renewals");
        using var age = new Measured("orders.credential.age");
        var asked = new SemaphoreSlim(0);
        int count = 0;
        using var renewal = new CredentialRenewal(
            credentials,
            _ =>
            {
                asked.Release();
                return ++count == 1
                    ? Task.FromResult(new DatabaseCredential(new Secret("one"), new CredentialLifetime(TimeSpan.FromHours(1), IsAssumed: false)))
                    : throw new DatabricksException(null, DatabricksException.TimedOut, "away");
            },
            time, NullLogger<CredentialRenewal>.Instance);
        await renewal.StartAsync(CancellationToken.None);
        await asked.WaitAsync();
        while (renewals.Sum(("orders.outcome", "failure")) < 2)
        {
            time.Advance(TimeSpan.FromMinutes(10));
            await Task.Yield();
        }

        Assert.That(renewals.Sum(("orders.outcome", "success")), Is.EqualTo(1));
        Assert.That(age.Values().Max(), Is.GreaterThan(600));
        await renewal.StopAsync(CancellationToken.None);
    }

    [Test]
    public async Task A_standby_that_does_not_replay_is_behind_and_its_reads_go_to_the_primary()
    {
        await using ServerPair pair = await ServerPair.StartAsync();
        await using RunningApi api = await RunningApi.StartAsync(pair.ConnectionString(), "--Orders:Reads=PreferStandby");
        using var lag = new Measured("orders.standby.lag");
        using var reads = new Measured("orders.consistency.primary_reads");
        await pair.Second.PauseReplayAsync();
        Assert.That((await api.PostStatusAsync(1, """{"o_orderstatus":"F"}""")).Status, Is.EqualTo(200));
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (lag.Last() is not > 0 || reads.Sum() == 0)
        {
            Assert.That((await api.GetAsync("/api/v1/orders/1")).Status, Is.EqualTo(200));
            limit.Token.ThrowIfCancellationRequested();
        }
    }
}
