using Orders.Application;

namespace Orders.Infrastructure.Overlay;

/// <summary>Refuses to migrate, because with an overlay the sync creates and fills the table.</summary>
internal sealed class OverlayMigrator : ISchemaMigrator
{
    public Task MigrateAsync(CancellationToken cancellationToken) => throw new StartupException(
        "Orders:StatusChanges is Overlay: the sync creates and fills the table. Run the command overlay install instead.");
}
