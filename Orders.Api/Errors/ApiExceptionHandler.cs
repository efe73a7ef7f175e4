using System.Data.Common;
using Microsoft.AspNetCore.Diagnostics;
using Orders.Application;
using Orders.Application.Resources;

namespace Orders.Api.Errors;

/// <summary>The one place where exceptions become answers, and where they are logged.</summary>
internal sealed partial class ApiExceptionHandler(ILogger<ApiExceptionHandler> logger) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        ApiError error = Translate(httpContext, exception);
        Log(error, exception);
        await Problems.WriteAsync(httpContext, error);
        return true;
    }

    private static ApiError Translate(HttpContext context, Exception exception) => exception switch
    {
        DatabaseUnavailableException => ApiError.DatabaseUnavailable(exception.Message),
        WorkspaceUnavailableException => ApiError.WorkspaceUnavailable(exception.Message),
        DbException database => Translate(context, database),
        TimeoutException => ApiError.Timeout,
        BadHttpRequestException { StatusCode: var status } => ApiError.FromStatus(status),
        _ => Failure(context),
    };

    /// <summary>By SQLSTATE (PostgreSQL documentation, appendix A); without one, the connection failed under the statement.</summary>
    private static ApiError Translate(HttpContext context, DbException exception) => exception switch
    {
        // query_canceled by statement_timeout, lock_not_available by lock_timeout
        { SqlState: "57014" or "55P03" } or { InnerException: TimeoutException } => ApiError.Timeout,

        // read_only_sql_transaction: a standby after a failover, say
        { SqlState: "25006" } => ApiError.DatabaseUnavailable("The database takes no changes at present: it is read-only."),

        // connection exceptions, operator intervention, too_many_connections
        { SqlState: ['0', '8', ..] or ['5', '7', 'P', ..] or "53300" } or { SqlState: null, InnerException: IOException } =>
            ApiError.DatabaseUnavailable("The database went away while it answered."),
        _ => Failure(context),
    };

    private static ApiError Failure(HttpContext context) =>
        context.Features.Get<IExceptionHandlerFeature>()?.Endpoint?.Metadata.GetMetadata<FailureDetailAttribute>() is { Detail: var detail }
            ? ApiError.Internal(detail)
            : ApiError.FromStatus(StatusCodes.Status500InternalServerError);

    /// <summary>For a request whose time is over before its statement's is.</summary>
    public static Task AnswerTimeoutAsync(HttpContext context)
    {
        LogUnavailable(context.RequestServices.GetRequiredService<ILogger<ApiExceptionHandler>>(), ApiError.Timeout.Detail, "Orders:RequestTimeout");
        return Problems.WriteAsync(context, ApiError.Timeout);
    }

    private void Log(ApiError error, Exception exception)
    {
        if (error.Status == StatusCodes.Status500InternalServerError)
        {
            LogFailed(logger, error.Detail, exception);
        }
        else if (error.Status > StatusCodes.Status500InternalServerError)
        {
            string? remedy = (exception as DatabaseUnavailableException)?.Remedy;
            LogUnavailable(logger, remedy is null ? error.Detail : $"{error.Detail} {remedy}", (exception.InnerException ?? exception).Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Detail}")]
    private static partial void LogFailed(ILogger logger, string detail, Exception exception);

    // Without the stack trace: when the database is down, this line is written for every request.
    [LoggerMessage(Level = LogLevel.Warning, Message = "{Detail} Cause: {Cause}")]
    private static partial void LogUnavailable(ILogger logger, string detail, string cause);
}
