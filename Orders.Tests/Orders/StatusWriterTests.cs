using Dapper;
using Npgsql;
using Orders.Application;
using Orders.Application.Orders;
using Orders.Application.Overlay;
using Orders.Domain;
using Orders.Infrastructure.Orders;
using Orders.Infrastructure.Postgres;
using Orders.Tests.Support;

namespace Orders.Tests.Orders;

/// <summary>Changes of status that come at the same time: those from the fifth on share statements, one of which runs at a time.</summary>
[Category("Persistence")]
internal sealed class StatusWriterTests
{
    /// <summary>By themselves, and in the first shared statement.</summary>
    private const int BeforeTheRest = 4 + 1;

    private TestDatabase _database = null!;

    [SetUp]
    public async Task SetUpAsync() => _database = await TestDatabase.CreateLocalAsync(StatusChangeMode.InPlace, Enumerable.Range(1, 40).Select(key => (long)key));

    [TearDown]
    public async Task TearDownAsync() => await _database.DisposeAsync();

    [Test]
    public async Task Changes_that_wait_are_made_in_one_transaction_each_with_its_own_status()
    {
        OrderStatus[] statuses = [OrderStatus.PartiallyFulfilled, OrderStatus.Fulfilled];
        List<Task<StatusUpdateResult>> changes = [];
        await using (await LockedTable.TakeAsync(_database))
        {
            changes.AddRange(Enumerable.Range(1, 40).Select(key => ChangeAsync(key, statuses[key % 2])));
        }

        Assert.That(await Task.WhenAll(changes), Is.All.EqualTo(StatusUpdateResult.Updated));
        Assert.That(
            await _database.ScalarAsync<long>("select count(*) from orders_synced where o_orderstatus = (array['P', 'F'])[o_orderkey % 2 + 1]"), Is.EqualTo(40));
        Assert.That(await _database.ScalarAsync<long>("select count(distinct xmin::text) from orders_synced"), Is.EqualTo(BeforeTheRest + 1));
    }

    [Test]
    public async Task A_locked_order_holds_up_its_own_changes_alone_however_many_there_are()
    {
        const int moreThanConnections = 60;

        await using ServerDataSource dataSource = OrdersDataSource.Create($"{_database.ConnectionString};Timeout=60");
        OrderRepository repository = TestDatabase.RepositoryOn(dataSource, StatusChangeMode.InPlace);
        await using NpgsqlConnection holder = await _database.DataSource.OpenConnectionAsync();
        await holder.ExecuteAsync("begin; select from orders_synced where o_orderkey <= 3 for update");
        Task<StatusUpdateResult>[] held = [.. Enumerable.Range(0, moreThanConnections).Select(i => ChangeAsync((i % 3) + 1, OrderStatus.Fulfilled, repository))];
        Task<StatusUpdateResult>[] free = [.. Enumerable.Range(4, 20).Append(99).Select(key => ChangeAsync(key, repository: repository))];
        Assert.That(await Task.WhenAll(free).WaitAsync(TimeSpan.FromSeconds(2)), Is.EqualTo(Enumerable.Repeat(StatusUpdateResult.Updated, 20).Append(StatusUpdateResult.OrderNotFound)));
        Order? read = await repository.FindAsync(1, CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(2));
        Assert.That(read?.Status, Is.EqualTo("O"));
        Assert.That(held.Select(change => change.IsCompleted), Is.All.False);

        await holder.ExecuteAsync("commit");
        Assert.That(await Task.WhenAll(held), Is.All.EqualTo(StatusUpdateResult.Updated));
        Assert.That(await ChangedAsync(), Is.EqualTo(20));
    }

    [Test]
    public async Task Changes_of_a_locked_order_wait_for_their_turn_no_longer_than_for_a_connection()
    {
        await using ServerDataSource dataSource = OrdersDataSource.Create($"{_database.ConnectionString};Maximum Pool Size=2;Timeout=1");
        OrderRepository repository = TestDatabase.RepositoryOn(dataSource, StatusChangeMode.InPlace);
        await using NpgsqlConnection holder = await _database.DataSource.OpenConnectionAsync();
        await holder.ExecuteAsync("begin; select from orders_synced where o_orderkey = 1 for update");
        Task<StatusUpdateResult> first = ChangeAsync(1, OrderStatus.Open, repository);
        Assert.That(() => ChangeAsync(1, OrderStatus.Fulfilled, repository), Throws.InstanceOf<DatabaseUnavailableException>());

        await holder.ExecuteAsync("commit");
        Assert.That(await first, Is.EqualTo(StatusUpdateResult.Updated));
    }

    [Test]
    public async Task A_trigger_that_waits_holds_up_its_own_change_alone()
    {
        await _database.ExecuteAsync(
            """
            create table other (id int); insert into other values (1);
            create function look() returns trigger language plpgsql as $$ begin perform from other for update; return new; end $$;
            create trigger look before update on orders_synced for each row when (new.o_orderkey = 20) execute function look()
            """);
        await using NpgsqlConnection holder = await _database.DataSource.OpenConnectionAsync();
        await holder.ExecuteAsync("begin; select from other for update");
        Task<StatusUpdateResult>[] changes = [.. Enumerable.Range(1, 40).Select(key => ChangeAsync(key))];
        Assert.That(await Task.WhenAll(changes.Where((_, i) => i != 19)).WaitAsync(TimeSpan.FromSeconds(5)), Is.All.EqualTo(StatusUpdateResult.Updated));
        Assert.That(changes[19].IsCompleted, Is.False);

        await holder.ExecuteAsync("commit");
        Assert.That(await changes[19], Is.EqualTo(StatusUpdateResult.Updated));
    }

    [Test]
    public async Task An_order_that_does_not_exist_is_told_to_its_own_asker_alone()
    {
        List<Task<StatusUpdateResult>> changes = [];
        await using (await LockedTable.TakeAsync(_database))
        {
            changes.AddRange(Enumerable.Range(31, 20).Select(key => ChangeAsync(key)));
        }

        Assert.That(await Task.WhenAll(changes), Is.EqualTo(Enumerable.Range(31, 20).Select(key => key <= 40 ? StatusUpdateResult.Updated : StatusUpdateResult.OrderNotFound)));
    }

    [Test]
    public async Task Of_different_changes_of_one_order_the_last_one_stays()
    {
        List<Task<StatusUpdateResult>> changes = [];
        await using (await LockedTable.TakeAsync(_database))
        {
            changes.AddRange(Enumerable.Range(1, BeforeTheRest).Select(key => ChangeAsync(key)));
            changes.AddRange([ChangeAsync(40), ChangeAsync(40, OrderStatus.Open), ChangeAsync(40, OrderStatus.Fulfilled)]);
        }

        Assert.That(await Task.WhenAll(changes), Is.All.EqualTo(StatusUpdateResult.Updated));
        Assert.That(await _database.ScalarAsync<string>("select o_orderstatus from orders_synced where o_orderkey = 40"), Is.EqualTo("F"));
    }

    [Test]
    public async Task A_change_that_the_table_refuses_undoes_no_other()
    {
        await _database.ExecuteAsync("alter table orders_synced add check (o_orderkey <> 20 or o_orderstatus <> 'P')");
        List<Task<StatusUpdateResult>> changes = [];
        await using (await LockedTable.TakeAsync(_database))
        {
            changes.AddRange(Enumerable.Range(1, 40).Select(key => ChangeAsync(key)));
        }

        PostgresException? refused = Assert.CatchAsync<PostgresException>(() => changes[19]);
        Assert.That(refused?.SqlState, Is.EqualTo(PostgresErrorCodes.CheckViolation));
        changes.RemoveAt(19);
        Assert.That(await Task.WhenAll(changes), Is.All.EqualTo(StatusUpdateResult.Updated));
        Assert.That(await ChangedAsync(), Is.EqualTo(39));
    }

    [Test]
    public async Task Changes_whose_statement_is_cancelled_by_an_operator_all_fail_and_are_not_made()
    {
        List<Task<StatusUpdateResult>> changes = [];
        await using (LockedTable locked = await LockedTable.TakeAsync(_database))
        {
            changes.AddRange(Enumerable.Range(1, BeforeTheRest).Select(key => ChangeAsync(key)));
            await locked.WaitForBlockedAsync(BeforeTheRest);
            await _database.ExecuteAsync("select pg_cancel_backend(pid) from pg_locks where relation = to_regclass(@Table) and not granted", new { _database.Table });
            foreach (Task<StatusUpdateResult> change in changes)
            {
                TimeoutException? cancelled = Assert.CatchAsync<TimeoutException>(() => change);
                Assert.That((cancelled?.InnerException as PostgresException)?.SqlState, Is.EqualTo(PostgresErrorCodes.QueryCanceled));
            }
        }

        Assert.That(await ChangedAsync(), Is.Zero);
    }

    [Test]
    public async Task Who_leaves_before_its_statement_begins_changes_nothing()
    {
        using var left = new CancellationTokenSource();
        List<Task<StatusUpdateResult>> changes = [];
        await using (await LockedTable.TakeAsync(_database))
        {
            changes.AddRange(Enumerable.Range(1, BeforeTheRest).Select(key => ChangeAsync(key)));
            Task<StatusUpdateResult> leaving = _database.Repository.UpdateStatusAsync(40, OrderStatus.PartiallyFulfilled, null, left.Token);
            await left.CancelAsync();
            Assert.That(() => leaving, Throws.InstanceOf<OperationCanceledException>());
            changes.Add(ChangeAsync(39));
        }

        Assert.That(await Task.WhenAll(changes), Is.All.EqualTo(StatusUpdateResult.Updated));
        Assert.That(await _database.ScalarAsync<string>("select o_orderstatus from orders_synced where o_orderkey = 40"), Is.EqualTo("O"));
    }

    [Test]
    public async Task A_statement_that_all_its_askers_left_is_cancelled()
    {
        using var given = new CancellationTokenSource();
        await using LockedTable locked = await LockedTable.TakeAsync(_database);
        Task<StatusUpdateResult>[] left =
            [.. Enumerable.Range(1, BeforeTheRest).Select(key => _database.Repository.UpdateStatusAsync(key, OrderStatus.Fulfilled, null, given.Token))];
        await locked.WaitForBlockedAsync(BeforeTheRest);
        await given.CancelAsync();
        Assert.That(() => Task.WhenAll(left), Throws.InstanceOf<OperationCanceledException>());
        await locked.WaitForNoneBlockedAsync();
    }

    [Test]
    public async Task Changes_whose_connection_is_cut_are_not_made_twice()
    {
        await using var link = new DatabaseLink(_database.ConnectionString);
        link.Restore();
        await using ServerDataSource dataSource = OrdersDataSource.Create(link.ConnectionString);
        OrderRepository repository = TestDatabase.RepositoryOn(dataSource, StatusChangeMode.InPlace);
        await using LockedTable locked = await LockedTable.TakeAsync(_database);
        Task<StatusUpdateResult>[] changes =
            [.. Enumerable.Range(1, BeforeTheRest).Select(key => repository.UpdateStatusAsync(key, OrderStatus.Fulfilled, null, CancellationToken.None))];
        await locked.WaitForBlockedAsync(BeforeTheRest);
        link.Cut();
        foreach (Task<StatusUpdateResult> change in changes)
        {
            Assert.That(() => change, Throws.InstanceOf<DatabaseUnavailableException>());
        }
    }

    [Test]
    public async Task One_that_comes_alone_after_others_is_a_statement_of_its_own()
    {
        await Task.WhenAll(Enumerable.Range(1, 20).Select(key => ChangeAsync(key)));
        await using LockedTable locked = await LockedTable.TakeAsync(_database);
        Task<StatusUpdateResult> alone = ChangeAsync(1, OrderStatus.Fulfilled);
        await locked.WaitForBlockedAsync();
        string? sql = await _database.ScalarAsync<string>(
            "select query from pg_stat_activity where pid = (select pid from pg_locks where relation = to_regclass(@Table) and not granted)", new { _database.Table });
        Assert.That(sql, Does.StartWith("update"));
        await locked.DisposeAsync();
        Assert.That(await alone, Is.EqualTo(StatusUpdateResult.Updated));
    }

    [Test]
    public async Task Over_a_view_that_no_shared_statement_can_be_planned_for_changes_stay_apart()
    {
        await _database.ExecuteAsync(
            $"""
            alter table orders_synced rename to kept;
            create view {_database.Table} as select distinct * from kept;
            create function put() returns trigger language plpgsql as $$
            begin update kept set o_orderstatus = new.o_orderstatus where o_orderkey = new.o_orderkey; return new; end $$;
            create trigger put instead of update on {_database.Table} for each row execute function put()
            """);
        Assert.That(await Task.WhenAll(Enumerable.Range(1, 20).Select(key => ChangeAsync(key))), Is.All.EqualTo(StatusUpdateResult.Updated));

        // A statement that can't be planned empties the pool.
        const string sessions = "select array_agg(pid) from pg_stat_activity where application_name = 'Orders' and query like 'update orders_synced%'";
        int[] before = (await _database.ScalarAsync<int[]>(sessions))!;
        Assert.That(await Task.WhenAll(Enumerable.Range(1, 20).Select(key => ChangeAsync(key))), Is.All.EqualTo(StatusUpdateResult.Updated));
        Assert.That(await _database.ScalarAsync<int[]>("select array_agg(pid) from pg_stat_activity"), Is.SupersetOf(before));
    }

    private Task<StatusUpdateResult> ChangeAsync(long orderKey, OrderStatus? status = null, OrderRepository? repository = null) =>
        (repository ?? _database.Repository).UpdateStatusAsync(orderKey, status ?? OrderStatus.PartiallyFulfilled, null, CancellationToken.None);

    private Task<long> ChangedAsync() => _database.ScalarAsync<long>("select count(*) from orders_synced where o_orderstatus = 'P'");
}
