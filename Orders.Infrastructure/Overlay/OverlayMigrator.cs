using Orders.Application;

namespace Orders.Infrastructure.Overlay;

/// <summary>Stands where the migrator is otherwise: on a synced table there is nothing for it to make.</summary>
internal sealed class OverlayMigrator : ISchemaMigrator
{
    public Task MigrateAsync(CancellationToken cancellationToken) => throw new StartupException(
        "Orders:StatusChanges is Overlay: the table is its sync's to make and to fill. Run the command overlay install instead.");
}
