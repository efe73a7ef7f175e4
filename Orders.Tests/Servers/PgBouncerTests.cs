using Npgsql;
using Orders.Tests.Support;

namespace Orders.Tests.Servers;

/// <summary>The service behind PgBouncer, whose connections are another one for each transaction or statement.</summary>
[TestFixture(PgBouncer.PoolMode.Transaction)]
[TestFixture(PgBouncer.PoolMode.Statement)]
[Category("Persistence")]
internal sealed class PgBouncerTests(PgBouncer.PoolMode mode)
{
    private const int Orders = 2_500;

    private TestDatabase _database = null!;
    private PgBouncer _bouncer = null!;
    private RunningApi _api = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _database = await TestDatabase.CreateAsync(Enumerable.Range(1, Orders).Select(key => (long)key));
        _bouncer = await PgBouncer.StartAsync(await _database.CreateRoleWithPathAsync(), mode);
        _api = await RunningApi.StartAsync(_bouncer.ConnectionString);
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        await _api.DisposeAsync();
        await _bouncer.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Test]
    public async Task A_client_finds_the_table_though_it_gives_no_search_path()
    {
        await using var connection = new NpgsqlConnection(_bouncer.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("select count(*) from orders_synced", connection);
        Assert.That(await command.ExecuteScalarAsync(), Is.EqualTo((long)Orders));
    }

    [Test]
    public async Task The_service_is_ready()
    {
        RunningApi.Answer ready = await _api.GetAsync("/health/ready");
        Assert.That(ready.Status, Is.EqualTo(200), ready.Body);
    }

    [Test]
    public async Task Operations_that_come_again_and_at_once_are_all_answered()
    {
        for (int round = 0; round < 5; round++)
        {
            Task<RunningApi.Answer>[] answers =
            [
                .. Enumerable.Range(1, 40).SelectMany(number => new[]
                {
                    _api.GetAsync($"/api/v1/orders/{number}"),
                    _api.GetAsync($"/api/v1/orders/stream?cursor={number}&page_size=10"),
                    _api.GetAsync($"/api/v1/orders/pages?page={number}&page_size=40"),
                    _api.GetAsync("/api/v1/orders/count"),
                    _api.GetAsync("/api/v1/orders/sample"),
                    _api.PostStatusAsync(number, """{"o_orderstatus":"P"}"""),
                }),
            ];
            Assert.That((await Task.WhenAll(answers)).Where(answer => answer.Status != 200).Select(answer => answer.Body), Is.Empty);
        }

        Assert.That(await _database.ScalarAsync<long>("select count(*) from orders_synced where o_orderstatus = 'P' and o_orderkey <= 40"), Is.EqualTo(40));
    }

    [Test]
    public async Task A_missing_order_is_a_404() => Assert.That((await _api.GetAsync("/api/v1/orders/9999999")).Status, Is.EqualTo(404));
}
