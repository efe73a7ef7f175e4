using Orders.Api.Security;
using Orders.Application;

namespace Orders.Api.Orders;

/// <summary>The header <c>Consistency-Token</c>: a change's answer carries it, and a read that sends it back shows that change.</summary>
internal static class ConsistencyExtensions
{
    public const string Header = "Consistency-Token";

    /// <summary>Where there is one server alone, there is no middleware. Requests without the header that change nothing pass as they are.</summary>
    public static void UseConsistencyTokens(this WebApplication app)
    {
        if (app.Services.GetRequiredService<IConsistencyTokens>().AreUsed)
        {
            app.Use(RunAsync);
        }
    }

    private static Task RunAsync(HttpContext context, RequestDelegate next)
    {
        if (context.Request.Headers[Header] is [{ Length: > 0 } token, ..])
        {
            Tokens(context).Require(token);
        }

        if (context.GetEndpoint()?.Metadata.GetMetadata<ChangesOrdersAttribute>() is not null)
        {
            context.Response.OnStarting(static state => WriteAsync((HttpContext)state), context);
        }

        return next(context);
    }

    private static Task WriteAsync(HttpContext context)
    {
        if (context.Response.StatusCode is StatusCodes.Status200OK or StatusCodes.Status204NoContent && Tokens(context).Newest is { } token)
        {
            context.Response.Headers[Header] = token;
        }

        return Task.CompletedTask;
    }

    private static IConsistencyTokens Tokens(HttpContext context) => context.RequestServices.GetRequiredService<IConsistencyTokens>();
}
