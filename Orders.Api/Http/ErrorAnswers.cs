using Microsoft.AspNetCore.Connections;
using Orders.Application;
using Orders.Application.Lakebase;

namespace Orders.Api.Http;

/// <summary>The one place where what goes wrong becomes an answer, and where it is logged: exceptions, time limits, statuses without a body.</summary>
/// <remarks>
/// One step where the framework has three (for exceptions, for status codes, for time limits), each of which keeps its state for a
/// request that waits for the database: 1.3 KB less for each.
/// </remarks>
internal sealed partial class ErrorAnswers(RequestDelegate next, RequestTimeLimit limit, ILogger<ErrorAnswers> logger)
{
    public async Task InvokeAsync(HttpContext context)
    {
        ApiError? error = null;
        using RequestTimeLimit.Running time = limit.Start(context);
        try
        {
            await next(context);
        }
        catch (Exception exception) when (!context.Response.HasStarted)
        {
            context.Response.Clear();
            if (IsOfClient(exception, time))
            {
                // Nobody reads an answer. The status is for the request's line.
                context.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
                return;
            }

            bool isOver = time.IsOver && exception is OperationCanceledException;
            error = isOver ? ApiError.Timeout : Translate(context, exception);
            Log(error, exception, isOver);
        }

        if (error is not null)
        {
            await Problems.WriteAsync(context, error);
        }
        else if (IsBareError(context.Response))
        {
            await Problems.WriteStatusAsync(context);
        }
    }

    /// <summary>The client left, which whoever reads the body may hear of before the request's token is cancelled.</summary>
    private static bool IsOfClient(Exception exception, RequestTimeLimit.Running time) =>
        exception is ConnectionResetException or ConnectionAbortedException || (time.ClientLeft && exception is OperationCanceledException or IOException);

    /// <summary>A status that the framework set, without a body that says more.</summary>
    private static bool IsBareError(HttpResponse response) =>
        response is { HasStarted: false, StatusCode: >= 400 and < 600, ContentLength: null } && string.IsNullOrEmpty(response.ContentType);

    private static ApiError Translate(HttpContext context, Exception exception) => exception switch
    {
        DatabaseUnavailableException => ApiError.DatabaseUnavailable(exception.Message),
        WorkspaceUnavailableException => ApiError.WorkspaceUnavailable(exception.Message),
        TimeoutException => ApiError.Timeout,
        BadHttpRequestException { StatusCode: var status } => ApiError.FromStatus(status),
        _ => Failure(context),
    };

    private static ApiError Failure(HttpContext context) =>
        context.GetEndpoint()?.Metadata.GetMetadata<FailureDetailAttribute>() is { Detail: var detail }
            ? ApiError.Internal(detail)
            : ApiError.FromStatus(StatusCodes.Status500InternalServerError);

    private void Log(ApiError error, Exception exception, bool isOver)
    {
        if (error.Status == StatusCodes.Status500InternalServerError)
        {
            LogFailed(logger, error.Detail, exception);
        }
        else if (error.Status > StatusCodes.Status500InternalServerError)
        {
            string? hint = (exception as DatabaseUnavailableException)?.Hint;
            string cause = isOver ? RequestTimeoutSetting.Key : (exception.InnerException ?? exception).Message;
            LogUnavailable(logger, hint is null ? error.Detail : $"{error.Detail} {hint}", cause);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Detail}")]
    private static partial void LogFailed(ILogger logger, string detail, Exception exception);

    // Without the stack trace: when the database is down, this line is written for every request.
    [LoggerMessage(Level = LogLevel.Warning, Message = "{Detail} Cause: {Cause}")]
    private static partial void LogUnavailable(ILogger logger, string detail, string cause);
}
