using System.Net;

namespace Orders.Api.Security;

/// <summary>A line for each request that its caller may not make: what was tried, by whom, and never the credentials.</summary>
internal sealed partial class RefusalLog(ILogger<RefusalLog> logger)
{
    /// <param name="context">The request.</param>
    /// <param name="status">What it is answered.</param>
    /// <param name="reason">Why, in words.</param>
    public void Write(HttpContext context, int status, string reason) => LogRefused(
        logger, status, context.Request.Method, (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText, reason,
        Caller.NameOf(context.User) ?? Caller.Anonymous, context.Connection.RemoteIpAddress);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "{Status} for {RequestMethod} /{Route}: {Reason}; asked by {Caller} at {ClientAddress}")]
    private static partial void LogRefused(
        ILogger logger, int status, string requestMethod, string? route, string reason, string caller, IPAddress? clientAddress);
}
