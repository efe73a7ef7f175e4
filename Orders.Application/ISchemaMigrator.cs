namespace Orders.Application;

/// <summary>Brings the database's schema up to date.</summary>
public interface ISchemaMigrator
{
    /// <summary>Applies the schema scripts that have not been applied yet. Existing tables are not changed.</summary>
    /// <exception cref="StartupException">A script failed, or the role may not create tables.</exception>
    /// <exception cref="DatabaseUnavailableException">The database is unavailable.</exception>
    Task MigrateAsync(CancellationToken cancellationToken);
}
