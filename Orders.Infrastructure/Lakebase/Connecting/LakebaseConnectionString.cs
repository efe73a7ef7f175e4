using Npgsql;
using Orders.Application;
using Orders.Infrastructure.Postgres;

namespace Orders.Infrastructure.Lakebase.Connecting;

/// <summary>
/// Reads ConnectionStrings:Orders beside Lakebase. It may say how to connect, as the search path or the pool size. Host, user and password
/// come from Lakebase: given in both places, it would be unclear which one counts.
/// </summary>
internal static class LakebaseConnectionString
{
    private static readonly string[] NotHere = ["Host", "Port", "Database", "Username", "Password", "Passfile"];

    /// <exception cref="StartupException">The connection string can't be read, or says where, as whom, or to do without TLS.</exception>
    public static NpgsqlConnectionStringBuilder Read(string? connectionString, LakebaseOptions options)
    {
        NpgsqlConnectionStringBuilder settings = OrdersDataSource.Read(connectionString ?? "");
        if (NotHere.FirstOrDefault(settings.ShouldSerialize) is { } keyword)
        {
            throw new StartupException(
                $"ConnectionStrings:Orders says {keyword}, and {options.Server.Setting} (or its variable) names a database server on "
                    + "Lakebase. Unset one of the two; beside Lakebase, the connection string takes options like Search Path only.");
        }

        foreach ((string name, object value) in options.ConnectionDefaults)
        {
            OrdersDataSource.SetDefault(settings, name, value);
        }

        settings.Port = options.Port;
        settings.Database = options.Database;
        if (settings.SslMode is not (SslMode.Require or SslMode.VerifyCA or SslMode.VerifyFull))
        {
            throw new StartupException(
                $"SSL Mode={settings.SslMode} in ConnectionStrings:Orders would send the password to Lakebase in the clear. Leave it out: "
                    + "it is VerifyFull then.");
        }

        RequireUsable(settings);
        return settings;
    }

    /// <summary>
    /// Builds a data source to find options now that the driver refuses only then, before the address has been looked up.
    /// </summary>
    private static void RequireUsable(NpgsqlConnectionStringBuilder settings)
    {
        try
        {
            ServerDataSource unused = LakebaseDatabase.Build(settings, "localhost", "probe", static _ => ValueTask.FromResult(""));
            unused.Dispose();
        }
        catch (Exception exception) when (
            exception is ArgumentException or FormatException or InvalidOperationException or NotSupportedException)
        {
            // Without the driver's message, which may quote a part of the string.
            throw new StartupException(
                "ConnectionStrings:Orders has options that can't be used, or not together: a Minimum Pool Size above the Maximum "
                    + "(DB_POOL_SIZE and DB_MAX_OVERFLOW together; 32 without them), say. Correct them or leave them out.");
        }
    }
}
