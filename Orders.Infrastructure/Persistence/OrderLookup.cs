using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using Dapper;
using Npgsql;
using Orders.Domain;

namespace Orders.Infrastructure.Persistence;

/// <summary>
/// Finds orders by key: at most two statements run at a time, and who asks meanwhile shares the next one (request coalescing).
/// </summary>
/// <remarks>
/// A statement costs the service, the wire and PostgreSQL many times what one more key costs in a statement that runs anyway.
/// Each answer is read after its request came in, as ever; who asks alone does not wait for others; and a statement whose askers
/// have all left is cancelled.
/// </remarks>
internal sealed class OrderLookup(DatabaseConnections database)
{
    private const int MaxStatements = 2;
    private const int MaxKeys = 500;

    private readonly Lock _gate = new();
    private readonly Queue<Asker> _waiting = [];
    private int _statements;

    public async Task<Order?> FindAsync(long orderKey, CancellationToken cancellationToken)
    {
        var asker = new Asker(orderKey);
        if (Enqueue(asker))
        {
            // The statement is for others as well: it is no part of this request's trace.
            using (ExecutionContext.SuppressFlow())
            {
                _ = AnswerWaitingAsync();
            }
        }

        try
        {
            return await asker.Answer.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            Leave(asker);
            throw;
        }
    }

    /// <summary>True when there is room for one more statement, which the caller has to run.</summary>
    private bool Enqueue(Asker asker)
    {
        lock (_gate)
        {
            _waiting.Enqueue(asker);
            if (_statements == MaxStatements)
            {
                return false;
            }

            _statements++;
            return true;
        }
    }

    private async Task AnswerWaitingAsync()
    {
        while (TakeOrStop() is { } batch)
        {
            await AnswerAsync(batch);
            End(batch);
        }
    }

    /// <summary>Those who wait; null when nobody does, and then there is room for another statement.</summary>
    private Batch? TakeOrStop()
    {
        lock (_gate)
        {
            var batch = new Batch(int.Min(_waiting.Count, MaxKeys));
            while (batch.Askers.Count < MaxKeys && _waiting.TryDequeue(out Asker? asker))
            {
                if (!asker.HasLeft)
                {
                    batch.Add(asker);
                }
            }

            if (batch.Askers.Count > 0)
            {
                return batch;
            }

            _statements--;
            return null;
        }
    }

    private void Leave(Asker asker)
    {
        lock (_gate)
        {
            asker.HasLeft = true;
            asker.Batch?.LoseOne();
        }
    }

    private void End(Batch batch)
    {
        lock (_gate)
        {
            foreach (Asker asker in batch.Askers)
            {
                asker.Batch = null;
            }

            batch.Dispose();
        }
    }

    [SuppressMessage("Design", "CA1031", Justification = "Whatever it is, it goes to those who wait for the answer.")]
    private async Task AnswerAsync(Batch batch)
    {
        // The subselect hides the keys from the planner, who would otherwise plan each number of keys anew.
        const string sql = $"select {OrderRow.Columns} from orders_synced where o_orderkey = any((select $1)::bigint[])";

        try
        {
            Dictionary<long, Order> found = await database.ReadAsync(
                async connection =>
                {
                    var command = new CommandDefinition(sql, new PositionalParameters().Add(batch.Keys()), cancellationToken: batch.Cancelled);
                    await using DbDataReader reader = await connection.ExecuteReaderAsync(command);
                    NpgsqlDataReader row = OrderRow.Driver(reader);
                    Dictionary<long, Order> orders = new(batch.Askers.Count);
                    while (await row.ReadAsync(batch.Cancelled))
                    {
                        Order order = OrderRow.Read(row);
                        orders[order.OrderKey] = order;
                    }

                    return orders;
                },
                batch.Cancelled);
            foreach (Asker asker in batch.Askers)
            {
                asker.Succeed(found.GetValueOrDefault(asker.OrderKey));
            }
        }
        catch (Exception exception)
        {
            foreach (Asker asker in batch.Askers)
            {
                asker.Fail(exception);
            }
        }
    }

    /// <summary>One who waits for one order. Changed under the gate only.</summary>
    private sealed class Asker(long orderKey)
    {
        private readonly TaskCompletionSource<Order?> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public long OrderKey => orderKey;

        public bool HasLeft { get; set; }

        /// <summary>The statement that reads the order, while it runs.</summary>
        public Batch? Batch { get; set; }

        public Task<Order?> Answer => _answer.Task;

        public void Succeed(Order? order) => _answer.TrySetResult(order);

        public void Fail(Exception exception) => _answer.TrySetException(exception);
    }

    /// <summary>Those who share a statement. Changed under the gate only.</summary>
    private sealed class Batch(int capacity) : IDisposable
    {
        private readonly CancellationTokenSource _cancellation = new();
        private int _left;

        public List<Asker> Askers { get; } = new(capacity);

        public CancellationToken Cancelled => _cancellation.Token;

        public long[] Keys()
        {
            long[] keys = new long[Askers.Count];
            for (int i = 0; i < keys.Length; i++)
            {
                keys[i] = Askers[i].OrderKey;
            }

            return keys;
        }

        public void Add(Asker asker)
        {
            asker.Batch = this;
            Askers.Add(asker);
        }

        /// <summary>Without waiting: to cancel a statement, the driver opens a connection of its own.</summary>
        public void LoseOne()
        {
            if (++_left == Askers.Count)
            {
                _ = _cancellation.CancelAsync();
            }
        }

        public void Dispose() => _cancellation.Dispose();
    }
}
