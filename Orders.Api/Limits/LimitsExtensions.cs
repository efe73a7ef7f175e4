using System.Threading.RateLimiting;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Options;
using Orders.Api.Http;
using Orders.Api.Security;
using Orders.Application;

namespace Orders.Api.Limits;

/// <summary>How many requests a caller may make, and how many run at a time. What is not limited has no middleware.</summary>
internal static class LimitsExtensions
{
    public static IServiceCollection AddLimits(this IServiceCollection services)
    {
        services.AddSingleton(provider =>
            new ConcurrencyLimit(Options(provider).MaxConcurrentRequests, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new CallerRateLimiter(Options(provider).RateLimits));
        services.AddSingleton<LargePages>();
        services.AddSingleton(provider => new FurtherPermits(provider.GetRequiredService<CallerRateLimiter>()));
        services.AddRateLimiter(options => options.RejectionStatusCode = StatusCodes.Status429TooManyRequests);
        services.AddOptions<RateLimiterOptions>().Configure<CallerRateLimiter>((options, limiter) =>
        {
            options.GlobalLimiter = limiter;
            options.OnRejected = (rejected, _) => new ValueTask(RejectAsync(rejected.HttpContext, rejected.Lease, limiter));
        });
        return services;
    }

    /// <summary>Has to come after routing, which finds the endpoints that are never limited.</summary>
    public static void UseConcurrencyLimit(this WebApplication app)
    {
        if (Options(app.Services).MaxConcurrentRequests > 0)
        {
            app.UseMiddleware<ConcurrencyLimitMiddleware>();
        }
    }

    /// <summary>Has to come after authentication, which finds the caller.</summary>
    public static void UseRateLimits(this WebApplication app)
    {
        if (Options(app.Services).RateLimits is { Read: null, Write: null })
        {
            return;
        }

        CallerRateLimiter limiter = app.Services.GetRequiredService<CallerRateLimiter>();
        Func<object, Task> writeHeaders = context => WriteHeadersAsync((HttpContext)context, limiter);
        app.Use((context, next) =>
        {
            if (limiter.PolicyOf(context) is not null)
            {
                // When the answer begins: an error clears the headers that were set before it.
                context.Response.OnStarting(writeHeaders, context);
            }

            return next(context);
        });
        app.UseRateLimiter();
    }

    private static Task WriteHeadersAsync(HttpContext context, CallerRateLimiter limiter)
    {
        if (limiter.PolicyOf(context) is { } policy && limiter.GetStatistics(context) is { } statistics)
        {
            context.Response.Headers[RateLimitPolicy.PolicyHeader] = policy.PolicyField;
            context.Response.Headers[RateLimitPolicy.LimitHeader] = policy.LimitField(statistics.CurrentAvailablePermits);
        }

        return Task.CompletedTask;
    }

    /// <summary>Answers a request that has not got its permits.</summary>
    public static Task RejectAsync(HttpContext context, RateLimitLease lease, CallerRateLimiter limiter)
    {
        int? seconds = lease.TryGetMetadata(MetadataName.RetryAfter, out TimeSpan wait)
            ? RateLimitPolicy.WholeSeconds(wait)
            : null;
        RateLimitPolicy policy = limiter.PolicyOf(context)!;
        LimitMetrics.RecordRefused(policy.Name);
        string limit = policy.Describe();
        context.RequestServices.GetRequiredService<RefusalLog>().Write(
            context, StatusCodes.Status429TooManyRequests, $"more than {limit}");
        return Problems.WriteAsync(context, ApiError.RateLimited(limit, seconds));
    }

    private static OrdersOptions Options(IServiceProvider services) => services.GetRequiredService<IOptions<OrdersOptions>>().Value;
}
