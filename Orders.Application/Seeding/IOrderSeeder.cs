namespace Orders.Application.Seeding;

/// <summary>Fills the orders table with generated orders.</summary>
public interface IOrderSeeder
{
    /// <summary>
    /// Loads the orders in one transaction, then vacuums and analyses the table. A failure before the commit leaves the table unchanged.
    /// </summary>
    /// <returns>The number of orders loaded; 0 with <see cref="SeedMode.IfEmpty"/> and a table that has rows.</returns>
    /// <exception cref="SeedException">The load was refused or failed. The message gives the reason and the state of the table.</exception>
    Task<long> LoadAsync(SeedRequest request, IProgress<SeedProgress> progress, CancellationToken cancellationToken);
}
