using Microsoft.Extensions.Logging;

namespace Orders.Infrastructure.Lakebase.Workspace;

/// <summary>
/// Turns unexpected exceptions of background loops into logged failures: an exception that leaves the loop would stop the service.
/// </summary>
internal static partial class UnexpectedFailure
{
    /// <returns>The exception itself when it comes from the workspace; else one in its place, after logging it.</returns>
    public static DatabricksException Of(Exception exception, ILogger logger)
    {
        if (exception is DatabricksException failure)
        {
            return failure;
        }

        // Without its message, which may quote what was sent.
        LogUnexpected(logger, exception.GetType().FullName, exception.StackTrace);
        return new DatabricksException(null, DatabricksException.Broken, $"Something broke ({exception.GetType().Name}).", exception);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A call to the workspace broke: {Type}\n{StackTrace}")]
    private static partial void LogUnexpected(ILogger logger, string? type, string? stackTrace);
}
