using FluentValidation;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.Mvc.ModelBinding.Validation;
using Orders.Api.Orders;

namespace Orders.Api.Http;

/// <summary>MVC as the contract needs it: exact binding, one form of errors, JSON only.</summary>
internal static class ApiMvc
{
    public static IServiceCollection AddOrdersControllers(this IServiceCollection services)
    {
        // Not AddControllers: it would put authentication, authorization and CORS into every request's way.
        services.AddMvcCore(Configure)
            .AddApiExplorer()
            .AddJsonOptions(options => ApiJson.Apply(options.JsonSerializerOptions))
            .ConfigureApiBehaviorOptions(options =>
            {
                // Actions look for themselves. Each filter keeps its state while the database is at work: half a kilobyte a request.
                options.SuppressModelStateInvalidFilter = true;
                options.SuppressMapClientErrors = true;
            });
        services.AddSingleton<IObjectModelValidator, RequestValidator>();
        services.AddSingleton<IValidator, OrderPageQueryValidator>();
        services.AddSingleton<IValidator, OrderStreamQueryValidator>();
        services.AddSingleton<IValidator, UpdateOrderStatusRequestValidator>();
        return services;
    }

    private static void Configure(MvcOptions options)
    {
        options.SuppressImplicitRequiredAttributeForNonNullableReferenceTypes = true;
        options.ModelBinderProviders.Insert(0, new WireScalarBinderProvider());
        options.Filters.Clear();

        // Forms are not spoken here, and reading one would fail before the body is refused by its type.
        options.ValueProviderFactories.Clear();
        options.ValueProviderFactories.Add(new RouteValueProviderFactory());
        options.ValueProviderFactories.Add(new ExactQueryValueProviderFactory());
        options.ModelBindingMessageProvider.SetMissingRequestBodyRequiredValueAccessor(() => "is required");
        options.AllowEmptyInputInBodyModelBinding = false;

        options.InputFormatters.Clear();
        options.InputFormatters.Add(new JsonBodyFormatter());
    }
}
