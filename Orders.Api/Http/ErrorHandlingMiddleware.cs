using Microsoft.AspNetCore.Connections;
using Orders.Application;
using Orders.Application.Lakebase;
using Orders.Application.Orders;

namespace Orders.Api.Http;

/// <summary>Turns exceptions, time limits and bare error statuses into problem documents, and logs failures.</summary>
/// <remarks>
/// The framework has three middlewares for this (exception handler, status code pages, request time-outs). Each keeps state while a
/// request waits for the database: 1.3 KB a request in all.
/// </remarks>
internal sealed partial class ErrorHandlingMiddleware(RequestDelegate next, RequestTimeout limit, ILogger<ErrorHandlingMiddleware> logger)
{
    public async Task InvokeAsync(HttpContext context)
    {
        ApiError? error = null;
        CommonHeaders.Set(context.Response);
        using RequestTimeout.Running time = limit.Start(context);
        try
        {
            await next(context);
            if (context.Features.Get<UnsentAnswer>() is { } unsent)
            {
                await unsent.SendAsync();
            }
        }
        catch (Exception exception) when (context.Response.HasStarted && (IsOfClient(exception, time) || IsLate(exception, time)))
        {
            // The client left, or does not read its answer. What it has of it is cut off, which no failure of the service is.
            context.Abort();
        }
        catch (Exception exception) when (!context.Response.HasStarted)
        {
            CommonHeaders.Clear(context.Response);
            if (IsOfClient(exception, time))
            {
                // The client is gone: the status is for the log only.
                context.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
                return;
            }

            bool isOver = IsLate(exception, time);
            error = isOver ? ApiError.Timeout : Translate(context, exception);
            Log(error, exception, isOver);
            if (exception is BadHttpRequestException && !HttpProtocol.IsHttp2(context.Request.Protocol))
            {
                // Where the next request begins is not known.
                context.Response.Headers.Connection = "close";
            }
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

    /// <summary>The client disconnected. A read of the body may fail before the token is cancelled.</summary>
    private static bool IsOfClient(Exception exception, RequestTimeout.Running time) =>
        exception is ConnectionResetException or ConnectionAbortedException
        || (time.ClientLeft && exception is OperationCanceledException or CountNotReadyException or IOException);

    private static bool IsLate(Exception exception, RequestTimeout.Running time) => time.IsOver && exception is OperationCanceledException;

    /// <summary>An error status that the framework set without a body.</summary>
    private static bool IsBareError(HttpResponse response) =>
        response is { HasStarted: false, StatusCode: >= 400 and < 600, ContentLength: null } && string.IsNullOrEmpty(response.ContentType);

    private static ApiError Translate(HttpContext context, Exception exception) => exception switch
    {
        DatabaseUnavailableException unavailable =>
            ApiError.DatabaseUnavailable(OperatorHint.SentenceFor(context.User, unavailable)),
        WorkspaceUnavailableException => ApiError.WorkspaceUnavailable(exception.Message),
        CountNotReadyException => ApiError.CountNotReady,
        TimeoutException => ApiError.Timeout,
        BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge }
            when context.GetEndpoint()?.Metadata.GetMetadata<BodyLimitAttribute>() is { Kibibytes: var limit } =>
            ApiError.BodyTooLarge(limit),
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
        else if (error.Status > StatusCodes.Status500InternalServerError
            && exception is not DatabaseUnavailableException { IsLogged: true })
        {
            string sentence = (exception as DatabaseUnavailableException)?.MessageWithHint ?? error.Detail;
            string cause = isOver
                ? $"{OrdersOptions.Section}:{nameof(OrdersOptions.RequestTimeout)}"
                : (exception.InnerException ?? exception).Message;
            LogUnavailable(logger, sentence, cause);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Detail}")]
    private static partial void LogFailed(ILogger logger, string detail, Exception exception);

    // Without the stack trace: when the database is down, this line is written for every request.
    [LoggerMessage(Level = LogLevel.Warning, Message = "{Detail} Cause: {Cause}")]
    private static partial void LogUnavailable(ILogger logger, string detail, string cause);
}
