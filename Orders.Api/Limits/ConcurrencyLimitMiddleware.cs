using System.Diagnostics;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.RateLimiting;
using Orders.Api.Http;
using Orders.Application;

namespace Orders.Api.Limits;

/// <summary>Keeps requests within the <see cref="ConcurrencyLimit"/>, but for those of endpoints with <c>[DisableRateLimiting]</c>.</summary>
/// <remarks>
/// A permit is given back when the answer begins: a client that reads slowly must not keep others from running. Nothing is awaited for
/// a request that runs at once, which saves the state of a method.
/// </remarks>
internal sealed partial class ConcurrencyLimitMiddleware(
    RequestDelegate next, ConcurrencyLimit limit, TimeProvider time, ILogger<ConcurrencyLimitMiddleware> logger)
{
    private static readonly TimeSpan LogPeriod = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private long _refused;
    private long? _loggedAt;

    public Task InvokeAsync(HttpContext context)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<DisableRateLimitingAttribute>() is not null)
        {
            return next(context);
        }

        RateLimitLease permit = limit.TryStart();
        return permit.IsAcquired ? RunAsync(context, permit) : WaitAsync(context);
    }

    private static Task GiveBackAsync(object permit)
    {
        ((RateLimitLease)permit).Dispose();
        return Task.CompletedTask;
    }

    private Task RunAsync(HttpContext context, RateLimitLease permit)
    {
        context.Response.OnStarting(GiveBackAsync, permit);

        // No answer begins when the client is gone.
        context.Response.RegisterForDispose(permit);
        return next(context);
    }

    private async Task WaitAsync(HttpContext context)
    {
        long askedAt = time.GetTimestamp();
        RateLimitLease? acquired = await limit.WaitAsync(ClientNetwork.Of(context), context.RequestAborted);
        RequestTiming.Record(Activity.Current, wait: time.GetElapsedTime(askedAt), database: TimeSpan.Zero);
        if (acquired is { } permit)
        {
            await RunAsync(context, permit);
            return;
        }

        LimitMetrics.RecordRefused(LimitMetrics.Concurrency);
        LogRefusal();
        await Problems.WriteAsync(context, ApiError.Overloaded);
    }

    /// <summary>One line for all of some seconds: each request has its own line with its status.</summary>
    private void LogRefusal()
    {
        long refused;
        lock (_lock)
        {
            _refused++;
            if (_loggedAt is { } last && time.GetElapsedTime(last) < LogPeriod)
            {
                return;
            }

            (refused, _refused, _loggedAt) = (_refused, 0, time.GetTimestamp());
        }

        LogOverloaded(logger, limit.Requests, refused, $"{OrdersOptions.Section}:{nameof(OrdersOptions.MaxConcurrentRequests)}");
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The service is overloaded: {Running} requests run, and {Refused} were refused since the last such line. See {Setting}.")]
    private static partial void LogOverloaded(ILogger logger, int running, long refused, string setting);
}
