using System.Diagnostics;
using System.Globalization;
using Microsoft.AspNetCore.Http.Features;
using Orders.Application;

namespace Orders.Api.Telemetry;

/// <summary>
/// Tells clients where the time of their request went, if the settings say so, and puts it on the span of a request that is traced, with
/// links to the statements that it shared.
/// </summary>
internal sealed class RequestTimingMiddleware(RequestDelegate next, RequestTimingMiddleware.Headers headers)
{
    public const string ServerTiming = "Server-Timing";
    public const string ProcessTime = "X-Process-Time";

    /// <summary>What clients are told.</summary>
    public sealed record Headers(bool ServerTiming, bool ProcessTime)
    {
        public bool Any => ServerTiming || ProcessTime;
    }

    public Task InvokeAsync(HttpContext context)
    {
        Activity? request = context.Features.Get<IHttpActivityFeature>()?.Activity;
        bool isTraced = request is { IsAllDataRequested: true };
        RequestTiming? timing = request is not null && (isTraced || headers.ServerTiming) ? RequestTiming.Start(request) : null;
        if (headers.Any)
        {
            long startedAt = Stopwatch.GetTimestamp();

            // When the answer begins: an error clears the headers that were set before it.
            context.Response.OnStarting(() =>
            {
                Write(context.Response, timing, Stopwatch.GetElapsedTime(startedAt));
                return Task.CompletedTask;
            });
        }

        return isTraced ? TraceAsync(context, request!, timing!) : next(context);
    }

    private async Task TraceAsync(HttpContext context, Activity request, RequestTiming timing)
    {
        try
        {
            await next(context);
        }
        finally
        {
            request.SetTag("orders.wait.duration", timing.Wait.TotalSeconds);
            request.SetTag("orders.database.duration", timing.Database.TotalSeconds);
            if (timing.FoundBy is { } foundBy)
            {
                request.SetTag("orders.page.found_by", foundBy);
            }

            foreach (ActivityContext statement in timing.Statements)
            {
                request.AddLink(new ActivityLink(statement));
            }
        }
    }

    private void Write(HttpResponse response, RequestTiming? timing, TimeSpan total)
    {
        if (headers.ServerTiming)
        {
            response.Headers[ServerTiming] = Field(timing, total);
        }

        if (headers.ProcessTime)
        {
            response.Headers[ProcessTime] = total.TotalSeconds.ToString("0.000000", CultureInfo.InvariantCulture);
        }
    }

    /// <summary>In milliseconds, like <c>db;dur=1.2, wait;dur=0.1, total;dur=2.4, page;desc="key index"</c>.</summary>
    internal static string Field(RequestTiming? timing, TimeSpan total)
    {
        string page = timing?.FoundBy is { } foundBy ? $", page;desc=\"{foundBy}\"" : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"db;dur={Milliseconds(timing?.Database)}, wait;dur={Milliseconds(timing?.Wait)}, total;dur={Milliseconds(total)}{page}");
    }

    private static double Milliseconds(TimeSpan? time) => Math.Round(time?.TotalMilliseconds ?? 0, 3);
}
