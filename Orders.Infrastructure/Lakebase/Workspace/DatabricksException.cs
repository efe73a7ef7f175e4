using System.Net;

namespace Orders.Infrastructure.Lakebase.Workspace;

/// <summary>A call to the workspace failed. The message is for the log: it quotes what the workspace said.</summary>
internal sealed class DatabricksException : Exception
{
    public DatabricksException(HttpStatusCode? status, string code, string message, Exception? cause = null)
        : base(message, cause) => (Status, Code) = (status, code);

    /// <summary>The call got no answer within its time limit.</summary>
    public const string TimedOut = "TIMED_OUT";

    /// <summary>The workspace was not reached.</summary>
    public const string Unreachable = "UNREACHABLE";

    /// <summary>The answer is not one of this API.</summary>
    public const string Unreadable = "UNREADABLE";

    /// <summary>Something of ours failed; the log has it.</summary>
    public const string Broken = "BROKEN";

    /// <summary>The workspace's code for a path that its API does not have.</summary>
    private const string NoApi = "ENDPOINT_NOT_FOUND";

    /// <summary>The database server is still being created.</summary>
    public const string NoHost = "NO_HOST";

    /// <summary>Null when there was no answer.</summary>
    public HttpStatusCode? Status { get; }

    /// <summary>The workspace's own code, as <c>PERMISSION_DENIED</c> or <c>invalid_client</c>, or one of the constants.</summary>
    public string Code { get; }

    /// <summary>
    /// The API itself says that there is no resource of that name. Another 404 does not say so: it may come from a proxy, from another
    /// host, or from a workspace without this part of the API.
    /// </summary>
    public bool IsAbsence => Status == HttpStatusCode.NotFound && Code != NoApi
        && (Code == "NOT_FOUND" || Code.EndsWith("_NOT_FOUND", StringComparison.Ordinal)
            || Code.EndsWith("_DOES_NOT_EXIST", StringComparison.Ordinal));

    /// <summary>The call may succeed later.</summary>
    public bool IsTransient =>
        this is { Status: null, Code: TimedOut or Unreachable } or
        {
            Status: HttpStatusCode.TooManyRequests
            or >= HttpStatusCode.InternalServerError
        };

    /// <summary>A clause for clients. Except the code, none of it comes from the workspace.</summary>
    public string Reason => this switch
    {
        { Code: TimedOut } => "the workspace did not answer in time",
        { Code: Unreachable } => "the workspace can't be reached: check Lakebase:WorkspaceHost (DATABRICKS_HOST) and the network",
        { Code: Broken } => "the call to the workspace broke; the log has it",
        { Code: NoHost } => "the database server has no host name yet: it is still being created",
        { Code: Unreadable } or { Status: >= HttpStatusCode.Ambiguous and < HttpStatusCode.BadRequest } =>
            "what answers is not the API of a workspace: check Lakebase:WorkspaceHost (DATABRICKS_HOST)",
        { Code: "invalid_client" or "invalid_grant" or "unauthorized_client" } or { Status: HttpStatusCode.Unauthorized } =>
            $"the workspace refuses to sign this service in ({Code}): check its client id and secret, or its token, and that it is a "
                + "member of the workspace",
        { Status: HttpStatusCode.Forbidden } => $"the workspace refuses it ({Code}): give who this service signs in as CAN USE on the "
            + "database project or instance",
        { IsAbsence: true } => $"the workspace knows no database server of that name ({Code})",
        { Status: HttpStatusCode.NotFound } =>
            $"what answers does not have this API ({Code}): check Lakebase:WorkspaceHost (DATABRICKS_HOST), and that the workspace offers "
                + "Lakebase",
        { Status: HttpStatusCode.TooManyRequests } => "the workspace is asked too often",
        { Status: { } status } => $"the workspace answers {(int)status} ({Code})",
        _ => "the workspace does not say why",
    };
}
