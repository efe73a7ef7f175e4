using System.Text.Json.Serialization;
using FluentValidation;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Formatters;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.Mvc.ModelBinding.Validation;
using Microsoft.Extensions.Options;
using Orders.Application;

namespace Orders.Api.Http;

/// <summary>MVC as the contract needs it: exact binding, one form of errors, JSON only.</summary>
internal static class MvcServiceCollectionExtensions
{
    /// <param name="services">The service's.</param>
    /// <param name="contexts">The generated JSON of the controllers' types.</param>
    public static IServiceCollection AddOrdersControllers(this IServiceCollection services, params JsonSerializerContext[] contexts)
    {
        // Not AddControllers: it adds authorization and CORS to every request.
        services.AddMvcCore(Configure)
            .AddApiExplorer()
            .AddDataAnnotations()
            .AddJsonOptions(options => JsonSettings.Apply(options.JsonSerializerOptions, contexts))
            .ConfigureApiBehaviorOptions(options =>
            {
                // Actions check ModelState themselves, which a test holds. Filters keep state while the database works: 0.6 KB a request.
                options.SuppressModelStateInvalidFilter = true;
                options.SuppressMapClientErrors = true;
            });
        services.AddValidatorsFromAssemblyContaining<Program>(ServiceLifetime.Singleton, includeInternalTypes: true);
        services.AddSingleton<IObjectModelValidator, ModelValidator>();
        return services.AddSingleton<IConfigureOptions<MvcOptions>, FormattersAndValidators>();
    }

    private static void Configure(MvcOptions options)
    {
        options.SuppressImplicitRequiredAttributeForNonNullableReferenceTypes = true;
        options.ModelBinderProviders.Insert(0, new WireScalarBinderProvider());
        options.Filters.Clear();

        // No form values: reading a form would fail before the body is refused by its content type.
        options.ValueProviderFactories.Clear();
        options.ValueProviderFactories.Add(new RouteValueProviderFactory());
        options.ValueProviderFactories.Add(new ExactQueryValueProviderFactory());
        options.ModelBindingMessageProvider.SetMissingRequestBodyRequiredValueAccessor(() => "is required");
        options.AllowEmptyInputInBodyModelBinding = false;

        // All that is wrong is told at once.
        options.ValidateComplexTypesIfChildValidationFails = true;
    }

    /// <summary>Adds the parts that need services.</summary>
    private sealed class FormattersAndValidators(
        IServiceProvider services, IServiceProviderIsService registered, IOptions<JsonOptions> json, IOptions<OrdersOptions> orders,
        ILogger<SystemTextJsonInputFormatter> logger)
        : IConfigureOptions<MvcOptions>
    {
        public void Configure(MvcOptions options)
        {
            options.InputFormatters.Clear();
            options.InputFormatters.Add(new JsonInputFormatter(json.Value, logger));
            options.OutputFormatters.Clear();
            options.OutputFormatters.Add(new JsonOutputFormatter(json, orders.Value.Compression));
            options.ModelValidatorProviders.Insert(0, new FluentModelValidatorProvider(services, registered));
        }
    }
}
