using Dapper;
using Npgsql;
using Orders.Domain;
using Orders.Tests.Support;

namespace Orders.Tests.Persistence;

/// <summary>Changes of status that come at the same time: those from the fifth on share statements, two of which run at a time.</summary>
[Category("Persistence")]
internal sealed class SharedStatusUpdateTests
{
    /// <summary>By themselves, in the first shared statement, and in the second.</summary>
    private const int BeforeTheRest = 4 + 1 + 1;

    private TestDatabase _database = null!;

    [SetUp]
    public async Task SetUpAsync() => _database = await TestDatabase.CreateAsync(Enumerable.Range(1, 40).Select(key => (long)key));

    [TearDown]
    public async Task TearDownAsync() => await _database.DisposeAsync();

    [Test]
    public async Task Changes_that_wait_are_made_in_one_transaction_each_with_its_own_status()
    {
        OrderStatus[] statuses = [OrderStatus.PartiallyFulfilled, OrderStatus.Fulfilled];
        List<Task<bool>> changes = [];
        await using (await LockedTable.TakeAsync(_database))
        {
            changes.AddRange(Enumerable.Range(1, 40).Select(key => ChangeAsync(key, statuses[key % 2])));
        }

        Assert.That(await Task.WhenAll(changes), Is.All.True);
        Assert.That(
            await _database.ScalarAsync<long>("select count(*) from orders_synced where o_orderstatus = (array['P', 'F'])[o_orderkey % 2 + 1]"), Is.EqualTo(40));
        Assert.That(await _database.ScalarAsync<long>("select count(distinct xmin::text) from orders_synced"), Is.EqualTo(BeforeTheRest + 1));
    }

    [Test]
    public async Task A_locked_order_holds_up_its_own_changes_alone()
    {
        await using NpgsqlConnection holder = await _database.DataSource.OpenConnectionAsync();
        await holder.ExecuteAsync("begin; select from orders_synced where o_orderkey = 1 for update");
        Task<bool>[] held = [.. Enumerable.Range(1, BeforeTheRest + 1).Select(_ => ChangeAsync(1))];
        Task<bool>[] free = [.. Enumerable.Range(2, 20).Select(key => ChangeAsync(key))];
        Assert.That(await Task.WhenAll(free).WaitAsync(TimeSpan.FromSeconds(5)), Is.All.True);
        Assert.That(held.Select(change => change.IsCompleted), Is.All.False);

        await holder.ExecuteAsync("commit");
        Assert.That(await Task.WhenAll(held), Is.All.True);
        Assert.That(await ChangedAsync(), Is.EqualTo(21));
    }

    [Test]
    public async Task An_order_that_does_not_exist_is_told_to_its_own_asker_alone()
    {
        List<Task<bool>> changes = [];
        await using (await LockedTable.TakeAsync(_database))
        {
            changes.AddRange(Enumerable.Range(31, 20).Select(key => ChangeAsync(key)));
        }

        Assert.That(await Task.WhenAll(changes), Is.EqualTo(Enumerable.Range(31, 20).Select(key => key <= 40)));
    }

    [Test]
    public async Task Different_changes_of_one_order_are_made_one_after_the_other()
    {
        await _database.ExecuteAsync(
            """
            create table seen (status text);
            create function note() returns trigger language plpgsql as $$ begin insert into seen values (new.o_orderstatus); return new; end $$;
            create trigger note after update on orders_synced for each row when (new.o_orderkey = 40) execute function note()
            """);
        List<Task<bool>> changes = [];
        await using (await LockedTable.TakeAsync(_database))
        {
            changes.AddRange(Enumerable.Range(1, BeforeTheRest).Select(key => ChangeAsync(key)));
            changes.AddRange([ChangeAsync(40), ChangeAsync(40, OrderStatus.Fulfilled), ChangeAsync(40, OrderStatus.Open)]);
        }

        Assert.That(await Task.WhenAll(changes), Is.All.True);
        Assert.That(await _database.ScalarAsync<string>("select string_agg(status, '' order by status) from seen"), Is.EqualTo("FOP"));
    }

    [Test]
    public async Task A_change_that_the_table_refuses_undoes_no_other()
    {
        await _database.ExecuteAsync("alter table orders_synced add check (o_orderkey <> 20 or o_orderstatus <> 'P')");
        List<Task<bool>> changes = [];
        await using (await LockedTable.TakeAsync(_database))
        {
            changes.AddRange(Enumerable.Range(1, 40).Select(key => ChangeAsync(key)));
        }

        PostgresException? refused = Assert.CatchAsync<PostgresException>(() => changes[19]);
        Assert.That(refused?.SqlState, Is.EqualTo(PostgresErrorCodes.CheckViolation));
        changes.RemoveAt(19);
        Assert.That(await Task.WhenAll(changes), Is.All.True);
        Assert.That(await ChangedAsync(), Is.EqualTo(39));
    }

    [Test]
    public async Task Changes_whose_statement_is_cancelled_by_an_operator_all_fail_and_are_not_made()
    {
        List<Task<bool>> changes = [];
        await using (LockedTable locked = await LockedTable.TakeAsync(_database))
        {
            changes.AddRange(Enumerable.Range(1, BeforeTheRest).Select(key => ChangeAsync(key)));
            await locked.WaitForBlockedAsync(BeforeTheRest);
            await _database.ExecuteAsync("select pg_cancel_backend(pid) from pg_locks where relation = to_regclass(@Table) and not granted", new { _database.Table });
            foreach (Task<bool> change in changes)
            {
                PostgresException? cancelled = Assert.CatchAsync<PostgresException>(() => change);
                Assert.That(cancelled?.SqlState, Is.EqualTo(PostgresErrorCodes.QueryCanceled));
            }
        }

        Assert.That(await ChangedAsync(), Is.Zero);
    }

    [Test]
    public async Task Who_leaves_before_its_statement_begins_changes_nothing()
    {
        using var left = new CancellationTokenSource();
        List<Task<bool>> changes = [];
        await using (await LockedTable.TakeAsync(_database))
        {
            changes.AddRange(Enumerable.Range(1, BeforeTheRest).Select(key => ChangeAsync(key)));
            Task<bool> leaving = _database.Repository.UpdateStatusAsync(40, OrderStatus.PartiallyFulfilled, null, left.Token);
            await left.CancelAsync();
            Assert.That(() => leaving, Throws.InstanceOf<OperationCanceledException>());
            changes.Add(ChangeAsync(39));
        }

        Assert.That(await Task.WhenAll(changes), Is.All.True);
        Assert.That(await _database.ScalarAsync<string>("select o_orderstatus from orders_synced where o_orderkey = 40"), Is.EqualTo("O"));
    }

    private Task<bool> ChangeAsync(long orderKey, OrderStatus? status = null) =>
        _database.Repository.UpdateStatusAsync(orderKey, status ?? OrderStatus.PartiallyFulfilled, null, CancellationToken.None);

    private Task<long> ChangedAsync() => _database.ScalarAsync<long>("select count(*) from orders_synced where o_orderstatus = 'P'");
}
