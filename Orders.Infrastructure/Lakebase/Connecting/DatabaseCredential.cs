using Orders.Infrastructure.Lakebase.Workspace;

namespace Orders.Infrastructure.Lakebase.Connecting;

/// <summary>A password for the database. It is checked at login only: connections outlive it.</summary>
/// <param name="Password">The password.</param>
/// <param name="Lifetime">For how long it can be counted on.</param>
internal sealed record DatabaseCredential(Secret Password, CredentialLifetime Lifetime);
