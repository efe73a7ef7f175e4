using Npgsql;
using Orders.Infrastructure.Health;
using Orders.Infrastructure.Postgres;

namespace Orders.Infrastructure.Overlay;

/// <summary>Looks at the overlay and the synced table: they exist, and the role has the rights that the service needs.</summary>
internal sealed class OverlayInspector(OverlayCatalog catalog, ConnectionPolicy policy) : ITableInspector
{
    public async Task<TableReport> InspectAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        OverlayState state = await catalog.ReadAsync(connection, cancellationToken);
        if (catalog.Missing(state with { IsReadOnly = false }).FirstOrDefault() is { } missing)
        {
            bool lacksTable = state is { IsInstalled: true, HasSyncedTable: false };
            string problem =
                (lacksTable ? await policy.ExplainMissingTableAsync(catalog.Location, cancellationToken) : null) ?? missing;
            return state.MayRead ? new TableReport { ChangeProblem = problem } : new TableReport { ReadProblem = problem };
        }

        // Fails when the synced table has not the columns that the view reads.
        await catalog.IsInlinedAsync(connection, cancellationToken);
        return new TableReport
        {
            ServerProblem = catalog.Missing(state).FirstOrDefault(),
        };
    }
}
