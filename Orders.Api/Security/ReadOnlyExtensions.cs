using Orders.Api.Http;

namespace Orders.Api.Security;

/// <summary>A service that takes no changes.</summary>
internal static class ReadOnlyExtensions
{
    /// <summary>
    /// Refuses operations that change orders, before their body is read and the table is touched. A middleware only where it is wanted,
    /// as filters and requirements would be there for every change.
    /// </summary>
    /// <param name="app">The service.</param>
    /// <param name="isReadOnly"><c>Orders:ReadOnly</c>.</param>
    public static void UseReadOnly(this IApplicationBuilder app, bool isReadOnly)
    {
        if (isReadOnly)
        {
            app.Use(static (context, next) => context.GetEndpoint()?.Metadata.GetMetadata<ChangesOrdersAttribute>() is null
                ? next(context)
                : Problems.WriteAsync(context, ApiError.ReadOnly));
        }
    }
}
