namespace Orders.Application.Seeding;

/// <summary>Fills the orders table with generated orders.</summary>
public interface IOrderSeeder
{
    /// <summary>
    /// Loads the orders in one transaction, then vacuums and analyses the table. Whatever goes wrong before the commit leaves the table as it was.
    /// </summary>
    /// <returns>The number of orders loaded; 0 when <see cref="SeedMode.IfEmpty"/> found some there.</returns>
    /// <exception cref="SeedException">Refused or failed; the message says why, and what state the table is in.</exception>
    Task<long> LoadAsync(SeedRequest request, IProgress<SeedProgress> progress, CancellationToken cancellationToken);
}
