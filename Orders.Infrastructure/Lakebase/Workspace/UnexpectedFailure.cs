using Microsoft.Extensions.Logging;

namespace Orders.Infrastructure.Lakebase.Workspace;

/// <summary>For loops that have to outlive whatever happens in them: a background service that ends by an exception ends the whole service.</summary>
internal static partial class UnexpectedFailure
{
    /// <returns>The exception itself when it tells of the workspace; else one that stands for it, which the log has.</returns>
    public static DatabricksException Of(Exception exception, ILogger logger)
    {
        if (exception is DatabricksException failure)
        {
            return failure;
        }

        // Without its message: what could not be sent may be quoted there.
        LogUnexpected(logger, exception.GetType().FullName, exception.StackTrace);
        return new DatabricksException(null, DatabricksException.Broken, $"Something broke ({exception.GetType().Name}).", exception);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A call to the workspace broke: {Type}\n{StackTrace}")]
    private static partial void LogUnexpected(ILogger logger, string? type, string? stackTrace);
}
