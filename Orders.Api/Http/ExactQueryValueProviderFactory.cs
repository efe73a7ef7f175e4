using Microsoft.AspNetCore.Mvc.ModelBinding;

namespace Orders.Api.Http;

/// <summary>Stands in for the framework's query string provider.</summary>
internal sealed class ExactQueryValueProviderFactory : IValueProviderFactory
{
    public Task CreateValueProviderAsync(ValueProviderFactoryContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        QueryString query = context.ActionContext.HttpContext.Request.QueryString;
        if (query.HasValue)
        {
            context.ValueProviders.Add(new ExactQueryValueProvider(query));
        }

        return Task.CompletedTask;
    }
}
