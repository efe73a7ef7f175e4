using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.Net.Http.Headers;
using Orders.Api.Http;
using Orders.Application;

namespace Orders.Api.Security;

/// <summary>Which sites' pages may call the service from a browser, by the framework's CORS. Without the setting there is no middleware.</summary>
internal static class BrowserOrigins
{
    private const string Setting = $"{OrdersOptions.Section}:{nameof(OrdersOptions.Cors)}:{nameof(Application.CorsOptions.Origins)}";
    private const string Any = "*";

    private static readonly TimeSpan PreflightAge = TimeSpan.FromMinutes(10);

    /// <summary>What a page may read of an answer, besides what the browser shows it anyway.</summary>
    private static readonly string[] Exposed =
    [
        HeaderNames.ETag, HeaderNames.Link, HeaderNames.Age, HeaderNames.RetryAfter, HeaderNames.Location, HeaderNames.Allow,
        "RateLimit", "RateLimit-Policy", "Consistency-Token", "Preference-Applied", CommonHeaders.TraceId,
    ];

    /// <exception cref="StartupException">An origin can't be; the message says what to set.</exception>
    public static void AddTo(IServiceCollection services, IConfiguration configuration)
    {
        if (Read(configuration) is { Length: > 0 } origins)
        {
            services.AddCors(cors => cors.AddDefaultPolicy(policy => Allow(policy, origins)));
        }
    }

    /// <summary>Has to come before authentication: a browser asks without credentials whether it may send them.</summary>
    public static void Use(WebApplication app)
    {
        if (app.Services.GetService<ICorsService>() is not null)
        {
            app.UseCors();
        }
    }

    private static void Allow(CorsPolicyBuilder policy, string[] origins)
    {
        policy.AllowAnyHeader().WithExposedHeaders(Exposed).SetPreflightMaxAge(PreflightAge);
        if (origins is [Any])
        {
            // Everybody's pages may read. To change orders they have to be named.
            policy.AllowAnyOrigin().WithMethods(HttpMethods.Get, HttpMethods.Head);
        }
        else
        {
            policy.WithOrigins(origins).WithMethods(HttpMethods.Get, HttpMethods.Head, HttpMethods.Post);
        }
    }

    private static string[] Read(IConfiguration configuration)
    {
        string[] origins = (configuration[Setting] ?? "").Split([' ', ',', ';'], StringSplitOptions.RemoveEmptyEntries);
        return origins is [Any] || Array.TrueForAll(origins, IsOrigin)
            ? origins
            : throw new StartupException(
                $"{Setting} is '{configuration[Setting]}'. Set it to origins such as https://shop.example, separated by commas, or to * "
                + "alone, with which pages from anywhere may read.");
    }

    /// <summary>As browsers send it: scheme, host, and a port that is not the scheme's; no path.</summary>
    private static bool IsOrigin(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out Uri? uri)
        && (uri.Scheme == Uri.UriSchemeHttps || uri.Scheme == Uri.UriSchemeHttp)
        && string.Equals(uri.GetLeftPart(UriPartial.Authority), text, StringComparison.OrdinalIgnoreCase);
}
