namespace Orders.Application;

/// <summary>Brings the database's schema up to date.</summary>
public interface ISchemaMigrator
{
    /// <summary>Applies the schema scripts that have not been applied yet; leaves tables that exist as they are.</summary>
    Task MigrateAsync(CancellationToken cancellationToken);
}
