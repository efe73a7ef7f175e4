using Orders.Application;

namespace Orders.Api.Telemetry;

/// <summary>Where the time of requests goes.</summary>
internal static class RequestTimingExtensions
{
    /// <summary>Comes first, so that it sees all of a request. Where nobody is told, there is no middleware.</summary>
    /// <param name="app">The service.</param>
    /// <param name="options">What clients are told.</param>
    /// <param name="isTraced">Whether requests may be traced.</param>
    public static void UseRequestTiming(this IApplicationBuilder app, OrdersOptions options, bool isTraced)
    {
        var headers = new RequestTimingMiddleware.Headers(options.ServerTiming, options.ProcessTime);
        if (headers.Any || isTraced)
        {
            app.UseMiddleware<RequestTimingMiddleware>(headers);
        }
    }
}
