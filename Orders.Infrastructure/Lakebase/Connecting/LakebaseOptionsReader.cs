using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using Orders.Application;
using Orders.Infrastructure.Lakebase.Workspace;

namespace Orders.Infrastructure.Lakebase.Connecting;

/// <summary>Reads <see cref="LakebaseOptions"/>. Naming a database server on Lakebase is what turns Lakebase on.</summary>
internal static partial class LakebaseOptionsReader
{
    // Databricks creates this database with each server.
    private const string PresetDatabase = "databricks_postgres";

    // The recipe's defaults for the one of the two that is not set.
    private const int PresetPoolSize = 5;
    private const int PresetOverflow = 10;

    /// <returns>Null when no server on Lakebase is named.</returns>
    /// <exception cref="StartupException">A setting is missing, wrong, or contradicts another one.</exception>
    public static LakebaseOptions? Read(IConfiguration configuration)
    {
        var settings = new LakebaseConfiguration(configuration);
        LakebaseConfiguration.Setting? endpoint = settings.Find(nameof(LakebaseSettings.Endpoint));
        LakebaseConfiguration.Setting? instance = settings.Find(nameof(LakebaseSettings.InstanceName));
        ILakebaseServer server;
        switch (endpoint, instance)
        {
            case (null, null):
                return null;
            case ({ } one, { } other):
                throw new StartupException($"{one.Name} and {other.Name} name two database servers. Unset one: the first is for Lakebase "
                    + "Autoscaling, the second for Lakebase Provisioned.");
            case ({ } one, null):
                server = EndpointName().IsMatch(one.Value)
                    ? new AutoscalingEndpoint(one.Value)
                    : throw new StartupException($"{one.Name} is '{one.Value}'. Set it to the endpoint's resource name, like "
                        + "\"projects/orders/branches/production/endpoints/primary\".");
                break;
            case (null, { } one):
                server = InstanceName().IsMatch(one.Value)
                    ? new ProvisionedInstance(one.Value)
                    : throw new StartupException($"{one.Name} is '{one.Value}'. Set it to the name of a database instance: letters, "
                        + "digits and hyphens.");
                break;
        }

        WorkspaceLogin login = ReadLogin(settings);
        return new LakebaseOptions
        {
            Server = server,
            Workspace = ReadWorkspace(settings),
            Login = login,
            Host = settings.Find(nameof(LakebaseSettings.Host))?.Value,
            Port = LakebaseConfiguration.Number(settings.Find(nameof(LakebaseSettings.Port)), 1, 65535) ?? 5432,
            Database = settings.Find(nameof(LakebaseSettings.Database))?.Value ?? PresetDatabase,
            User = settings.Find(nameof(LakebaseSettings.User))?.Value ?? login.ClientId,
            SyncedTable = ReadSyncedTable(settings),
            ConnectionDefaults = ReadConnectionDefaults(settings),
        };
    }

    private static WorkspaceLogin ReadLogin(LakebaseConfiguration settings)
    {
        LakebaseConfiguration.Setting? id = settings.Find(nameof(LakebaseSettings.ClientId));
        LakebaseConfiguration.Setting? secret = settings.Find(nameof(LakebaseSettings.ClientSecret));
        LakebaseConfiguration.Setting? token = settings.Find(nameof(LakebaseSettings.Token));
        return (id, secret, token) switch
        {
            ({ } clientId, { } clientSecret, null) => new WorkspaceLogin(clientId.Value, ReadSecret(clientSecret)),
            (null, null, { } personal) => new WorkspaceLogin(null, ReadSecret(personal)),
            (_, _, { } personal) => throw new StartupException(
                $"There are two ways to sign in to the workspace: {personal.Name}, and {id ?? secret}. "
                + $"Unset {personal.Name} to sign in as the service principal, "
                + $"or unset {string.Join(" and ", new[] { id, secret }.OfType<LakebaseConfiguration.Setting>())} "
                + "to sign in with the token."),
            ({ } clientId, null, null) => throw new StartupException($"{clientId.Name} is set without its secret: set "
                + "Lakebase__ClientSecret or DATABRICKS_CLIENT_SECRET."),
            (null, { } clientSecret, null) => throw new StartupException($"{clientSecret.Name} is set without its client id: set "
                + "Lakebase__ClientId or DATABRICKS_CLIENT_ID."),
            _ => throw new StartupException(
                "A database server on Lakebase is named, and no way to sign in to its workspace. Set DATABRICKS_CLIENT_ID and "
                    + "DATABRICKS_CLIENT_SECRET (a service principal's), or DATABRICKS_TOKEN (a person's)."),
        };
    }

    private static Secret ReadSecret(LakebaseConfiguration.Setting setting) => Secret.CanBe(setting.Value)
        ? new Secret(setting.Value)
        : throw new StartupException($"{setting.Name} holds a blank, a line break or another character that no secret of Databricks has. "
            + "Copy it anew.");

    private static Uri ReadWorkspace(LakebaseConfiguration settings)
    {
        LakebaseConfiguration.Setting host = settings.Find(nameof(LakebaseSettings.WorkspaceHost)) ?? throw new StartupException(
            "A database server on Lakebase is named, and not its workspace. Set DATABRICKS_HOST or Lakebase__WorkspaceHost, like "
                + "\"https://adb-1234567890123456.7.azuredatabricks.net\".");
        string address = host.Value.Contains("://", StringComparison.Ordinal) ? host.Value : $"https://{host.Value}";

        // Plain HTTP only on loopback: the requests carry secrets.
        bool isUsable = Uri.TryCreate(address, UriKind.Absolute, out Uri? workspace)
            && (workspace.Scheme == Uri.UriSchemeHttps || (workspace.Scheme == Uri.UriSchemeHttp && workspace.IsLoopback))
            && workspace.UserInfo.Length == 0 && workspace.PathAndQuery == "/" && workspace.Fragment.Length == 0;
        return isUsable
            ? workspace!
            : throw new StartupException(
                $"{host.Name} is not the address of a workspace. Set it to https:// and a host name alone, like "
                    + "\"https://adb-1234567890123456.7.azuredatabricks.net\".");
    }

    private static string? ReadSyncedTable(LakebaseConfiguration settings)
    {
        if (settings.Find(nameof(LakebaseSettings.SyncedTable)) is { } table)
        {
            return TableName().IsMatch(table.Value)
                ? table.Value
                : throw new StartupException($"{table.Name} is '{table.Value}'. Set it to the synced table's name in Unity Catalog: "
                    + "catalog.schema.table.");
        }

        if (settings.FindVariable("LAKEBASE_CATALOG_NAME") is { } catalog)
        {
            // The recipe's place for it.
            string name = $"{catalog.Value}.public.orders_synced";
            return TableName().IsMatch(name)
                ? name
                : throw new StartupException($"{catalog.Name} is '{catalog.Value}'. Set it to the name of a catalog in Unity Catalog, "
                    + "without a dot, a slash or a blank.");
        }

        return null;
    }

    private static Dictionary<string, object> ReadConnectionDefaults(LakebaseConfiguration settings)
    {
        int? size = settings.FindNumber(1, 1000, "DB_POOL_SIZE");
        int? overflow = settings.FindNumber(0, 1000, "DB_MAX_OVERFLOW");
        var defaults = new Dictionary<string, object>
        {
            // Seconds. Closes idle connections before the server cuts them by age.
            ["Connection Lifetime"] = settings.FindNumber(0, 86400, "DB_POOL_RECYCLE_INTERVAL") ?? 3600,
            ["SSL Mode"] = "VerifyFull",
            ["Gss Encryption Mode"] = "Disable",
        };
        if (size is not null || overflow is not null)
        {
            defaults["Maximum Pool Size"] = (size ?? PresetPoolSize) + (overflow ?? PresetOverflow);
        }

        if (settings.FindNumber(1, 1024, "DB_POOL_TIMEOUT") is { } timeout)
        {
            defaults["Timeout"] = timeout;
        }

        if (settings.FindNumber(0, 86400, "DB_COMMAND_TIMEOUT") is { } commandTimeout)
        {
            defaults["Command Timeout"] = commandTimeout;
        }

        if (settings.FindVariable("PGAPPNAME") is { } name)
        {
            defaults["Application Name"] = name.Value;
        }

        return defaults;
    }

    [GeneratedRegex("^projects/[A-Za-z0-9][A-Za-z0-9._~-]*/branches/[A-Za-z0-9][A-Za-z0-9._~-]*/endpoints/[A-Za-z0-9][A-Za-z0-9._~-]*$")]
    private static partial Regex EndpointName();

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9_-]{0,62}$")]
    private static partial Regex InstanceName();

    [GeneratedRegex(@"^[^./\s]+\.[^./\s]+\.[^./\s]+$")]
    private static partial Regex TableName();
}
