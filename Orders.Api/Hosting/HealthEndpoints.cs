using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Orders.Api.Contracts;
using Orders.Api.Errors;

namespace Orders.Api.Hosting;

/// <summary>Liveness: the process answers. Readiness: so does the database, with the table and the rights it takes to serve.</summary>
internal static class HealthEndpoints
{
    public static void MapHealth(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = _ => false, ResponseWriter = (context, _) => WriteAsync(context, "live") });
        endpoints.MapHealthChecks("/health/ready", new HealthCheckOptions
        {
            ResponseWriter = WriteReadinessAsync,
        });
    }

    private static Task WriteReadinessAsync(HttpContext context, HealthReport report) => report.Status == HealthStatus.Healthy
        ? WriteAsync(context, "ready")
        : Problems.WriteAsync(context, ApiError.DatabaseUnavailable(Reason(report)));

    private static Task WriteAsync(HttpContext context, string status) =>
        context.Response.WriteAsJsonAsync(new HealthResponse { Status = status }, ApiJson.Settings, context.RequestAborted);

    private static string Reason(HealthReport report) => report.Entries.Values
        .Select(entry => entry.Description)
        .FirstOrDefault(description => description is not null) ?? "The database did not answer the check in time.";
}
