using Npgsql;
using Orders.Infrastructure.Health;
using Orders.Infrastructure.Postgres;

namespace Orders.Infrastructure.Overlay;

/// <summary>Looks at the overlay and the synced table: they exist, and the role has the rights that the service needs.</summary>
internal sealed class OverlayInspector(OverlayCatalog catalog, ConnectionPolicy policy) : ITableInspector
{
    /// <summary>A pooler refuses our search path or drops it, and that of the role leads elsewhere: to the synced table itself, say.</summary>
    private static readonly TableProblem NotInSearchPath = new(
        "The search path does not lead to the overlay: a pooler does not take it. Set it for the role, as docs/operations.md says under "
            + "Poolers.");

    public async Task<TableReport> InspectAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        OverlayState state = await catalog.ReadAsync(connection, cancellationToken);
        TableProblem? problem = await FindReadProblemAsync(state, cancellationToken);
        if (problem is null)
        {
            // Fails when the synced table has not the columns that the view reads.
            await catalog.IsInlinedAsync(connection, cancellationToken);
        }

        return new TableReport
        {
            Relation = state is { ViewOid: { } oid, ViewOwner: { } owner } ? new RelationIdentity(oid, catalog.View, owner) : null,
            ReadProblem = problem,
            ChangeProblem = problem is null ? catalog.FindChangeProblem(state) : null,
            ServerProblem = OverlayCatalog.FindServerProblem(state),
        };
    }

    private async Task<TableProblem?> FindReadProblemAsync(OverlayState state, CancellationToken cancellationToken)
    {
        if (catalog.FindReadProblems(state).FirstOrDefault() is not { } problem)
        {
            return state.IsInSearchPath ? null : NotInSearchPath with { Hint = $"It is {catalog.View}." };
        }

        bool lacksTable = state is { IsInstalled: true, HasSyncedTable: false };
        return lacksTable && await policy.ExplainMissingTableAsync(StatusChangeOptions.Location, cancellationToken) is { } reason
            ? problem with { Reason = reason }
            : problem;
    }
}
