using Microsoft.Extensions.Logging;
using Orders.Application;
using Orders.Infrastructure.Lakebase.Workspace;
using Orders.Infrastructure.Postgres;

namespace Orders.Infrastructure.Lakebase.Connecting;

/// <summary>The connection policy for Lakebase: idle servers sleep, passwords expire hourly, and a sync creates the tables.</summary>
internal sealed partial class LakebaseConnectionPolicy(
    TimeSpan retryTime, LakebaseOptions options, LakebaseDatabase database, DatabaseCredentials credentials, DatabricksClient client,
    TimeProvider time,
    ILogger<LakebaseConnectionPolicy> logger)
    : ConnectionPolicy(retryTime)
{
    /// <summary>A look-up takes no longer, since a readiness probe waits for it.</summary>
    private static readonly TimeSpan StateTimeout = TimeSpan.FromSeconds(2);

    public override int PasswordVersion => credentials.Version;

    public override Task<bool> RenewPasswordAsync(int refused, CancellationToken cancellationToken) =>
        credentials.RenewAsync(refused, cancellationToken);

    /// <summary>A login may fail because a credential is still in flight: the first one, or the one after a refusal.</summary>
    public override bool IsTransient(Exception exception) => exception switch
    {
        { InnerException: DatabricksException { Code: DatabricksException.TimedOut } } => true,
        _ when SqlStates.IsRefusedPassword(exception) => credentials is { IsOnItsWay: true, Failure: null or { IsTransient: true } },
        _ => base.IsTransient(exception),
    };

    public override DatabaseUnavailableException Unavailable(Exception exception) => exception switch
    {
        { InnerException: DatabricksException workspace } => new DatabaseUnavailableException(
            $"There is no database credential: {workspace.Reason}.", workspace),
        _ when SqlStates.IsRefusedPassword(exception) => Refused(exception),
        _ when SqlStates.IsRefusedRole(exception) => RefusedRole(exception),
        _ when SqlStates.IsMissingDatabase(exception) => new DatabaseUnavailableException(
            "The server has no database of that name.", exception, "Set Lakebase:Database (LAKEBASE_DATABASE_NAME)."),
        _ when SqlStates.IsMissingRight(exception) => new DatabaseUnavailableException(
            "The right to connect to the database is missing.", exception,
            $"Run: grant connect on database {QualifiedName.Quote(options.Database)} to {QualifiedName.Quote(Role)};"),
        _ => new DatabaseUnavailableException(Reason(exception), exception),
    };

    public override async Task<string?> ExplainMissingTableAsync(TableLocation location, CancellationToken cancellationToken)
    {
        if (options.SyncedTable is not { } table)
        {
            return $"The table orders_synced is not {location.Description}: its synced table is not online yet, "
                + $"or is in a schema that {location.Setting} does not name. "
                + "Set Lakebase:SyncedTable to have its state looked up.";
        }

        try
        {
            using var deadline = new CancellationTokenSource(StateTimeout, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
            string? state = await options.Server.FindTableStateAsync(client, table, either.Token);
            return Explain(state, location);
        }
        catch (DatabricksException exception) when (exception.IsAbsence)
        {
            return "The table orders_synced is not there, and the workspace knows no synced table "
                + "of the name in Lakebase:SyncedTable: create it first.";
        }
        catch (Exception exception) when (
            exception is DatabricksException || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            LogStateUnknown(logger, exception.Message);
            return $"The table orders_synced is not {location.Description}, and the workspace does not say how far its synced table is.";
        }
    }

    /// <summary>The role's name, which is known once a server has refused it.</summary>
    private string Role => database.User ?? "";

    private static string Explain(string? state, TableLocation location) => state switch
    {
        ['S', ..] when state.StartsWith("SYNCED_TABLE_ONLINE", StringComparison.Ordinal) =>
            $"The synced table is online ({state}), but no table orders_synced is {location.Description}: set {location.Setting} to where "
                + "it is, and Lakebase:Database to its database.",
        ['S', ..] when state.StartsWith("SYNCED_TABLE_PROVISIONING", StringComparison.Ordinal) =>
            $"The synced table is not online yet ({state}): its rows are being copied. Wait; its pipeline in the workspace shows how far "
                + "it is.",
        _ => $"The synced table is not online ({state ?? "no state"}): look at its pipeline in the workspace.",
    };

    private DatabaseUnavailableException Refused(Exception exception) => credentials switch
    {
        { Failure: { } failure } => new DatabaseUnavailableException(
            $"The database refuses the credential, and there is no newer one: {failure.Reason}.", exception),
        { IsRefusedAnew: true } => RefusedRole(exception),
        _ => new DatabaseUnavailableException(
            "The database refuses the credential, as one that was revoked; a new one is being asked for, "
            + "which the workspace has not given yet.",
            exception),
    };

    private DatabaseUnavailableException RefusedRole(Exception exception)
    {
        string identity = options.Login.ClientId ?? Role;
        string name = identity.Replace("'", "''", StringComparison.Ordinal);
        string made = $"select databricks_create_role('{name}', '{WorkspaceLogin.IdentityTypeOf(identity)}');";
        return new DatabaseUnavailableException(
            "The database refuses the login with a new credential: the role of this service is missing there, or was made by a plain "
                + "create role.",
            exception,
            "As the owner of the database, drop a role that was made otherwise and run: create extension if not exists databricks_auth; "
                + $"{made}");
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The state of the synced table could not be looked up: {Cause}")]
    private static partial void LogStateUnknown(ILogger logger, string cause);
}
