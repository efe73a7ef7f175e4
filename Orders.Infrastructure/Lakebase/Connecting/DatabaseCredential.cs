using Orders.Infrastructure.Lakebase.Workspace;

namespace Orders.Infrastructure.Lakebase.Connecting;

/// <summary>A password for the database. The server checks it at login only, so connections outlive it.</summary>
/// <param name="Password">The password.</param>
/// <param name="Lifetime">How long logins with it work.</param>
internal sealed record DatabaseCredential(Secret Password, CredentialLifetime Lifetime);
