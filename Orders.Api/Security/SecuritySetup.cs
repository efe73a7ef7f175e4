using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Orders.Application;

namespace Orders.Api.Security;

/// <summary>Who may call what: the schemes of authentication, and a policy for each scope.</summary>
internal static class SecuritySetup
{
    private static readonly string[] OwnSettings = ["Schemes", "DefaultScheme", "ApiKeys", "ScopeClaim", "ScopeMap"];

    /// <param name="services">The service's.</param>
    /// <param name="keys">The API keys.</param>
    /// <param name="configuration">All settings.</param>
    /// <param name="environment">In Development, orders are open by default.</param>
    /// <exception cref="StartupException">Nobody could call the service, or a setting can't be; the message says what to set.</exception>
    public static IServiceCollection AddOrdersSecurity(
        this IServiceCollection services, ApiKeys keys, IConfiguration configuration, IHostEnvironment environment)
    {
        if (configuration.GetSection("Authentication").GetChildren()
            .FirstOrDefault(setting => !OwnSettings.Contains(setting.Key, StringComparer.OrdinalIgnoreCase)) is { } unknown)
        {
            throw new StartupException(
                $"{unknown.Path} is not a setting: Authentication has {string.Join(", ", OwnSettings)}. The README lists the settings.");
        }

        OrdersOptions options = configuration.GetSection(OrdersOptions.Section).Get<OrdersOptions>() ?? new OrdersOptions();
        bool hasTokens = BearerTokens.AreConfigured(configuration);
        AnonymousAccess open = options.AnonymousAccess ?? (environment.IsDevelopment() ? AnonymousAccess.ReadWrite : AnonymousAccess.None);
        if (open == AnonymousAccess.None && !hasTokens && !keys.AreConfigured)
        {
            throw new StartupException(
                "Nobody could call this service. Set Authentication:Schemes:Bearer:Authority and ValidAudiences for the tokens of an "
                + $"identity provider, or {ApiKeys.Section} to a key as made by the command api-key create, or {OrdersOptions.Section}:"
                + $"{nameof(OrdersOptions.AnonymousAccess)} to {AnonymousAccess.Read} or {AnonymousAccess.ReadWrite} for everybody.");
        }

        services.AddSingleton(keys);
        services.AddSingleton<RefusalLog>();
        var proxies = TrustedProxies.From(options);
        services.AddSingleton(proxies);
        services.AddSingleton(new Caller(proxies.UserHeader));
        AuthenticationBuilder authentication = services.AddAuthentication(ApiKeyHandler.Scheme);
        authentication.AddScheme<AuthenticationSchemeOptions, ApiKeyHandler>(
            ApiKeyHandler.Scheme, scheme => scheme.ForwardDefaultSelector = context => ForwardTo(context.Request, keys, hasTokens));
        CallerTokenHandler? tokens = hasTokens ? BearerTokens.AddTo(authentication, configuration) : null;

        services.AddAuthorization(authorization =>
        {
            foreach (string scope in Scopes.All)
            {
                authorization.AddPolicy(
                    scope, policy => policy.AddRequirements(new ScopeRequirement(scope, Scopes.AreOpen(scope, open))));
            }
        });
        services.AddSingleton<IAuthorizationMiddlewareResultHandler, AuthorizationAnswers>();

        // Known callers pass authorization by.
        services.Configure<RouteOptions>(routing => routing.SuppressCheckForUnhandledSecurityMetadata = true);
        return services.AddSingleton(
            provider => new KnownCallers(keys, tokens, open, provider.GetRequiredService<TimeProvider>()));
    }

    public static void UseOrdersSecurity(this WebApplication app)
    {
        // Otherwise the host puts both in front of all others, for every request.
        IApplicationBuilder pipeline = app;
        pipeline.Properties["__AuthenticationMiddlewareSet"] = true;
        pipeline.Properties["__AuthorizationMiddlewareSet"] = true;
        KnownCallers known = app.Services.GetRequiredService<KnownCallers>();
        app.UseWhen(
            context => !known.Admit(context),
            others =>
            {
                others.UseAuthentication();
                others.UseAuthorization();
            });
    }

    /// <returns>The scheme of bearer tokens when the request brings one; null for the scheme of API keys.</returns>
    private static string? ForwardTo(HttpRequest request, ApiKeys keys, bool hasTokens) =>
        hasTokens && Credentials.Of(request) is { ApiKey: null, Token: { } token } && keys.FindBearer(token) is null
            ? BearerTokens.Scheme
            : null;
}
