using System.Reflection;
using Microsoft.AspNetCore.Authorization;
using Microsoft.OpenApi;
using Orders.Api.Security;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Orders.Api.OpenApi;

/// <summary>What callers of the operations with <see cref="AuthorizeAttribute"/> send to say who they are.</summary>
internal sealed class OperationSecurity : IOperationFilter
{
    private const string Token = "bearerToken";
    private const string ApiKey = "apiKey";

    /// <returns>The scope that an operation takes; null for one that anybody may call.</returns>
    public static string? ScopeOf(MethodInfo action) =>
        (action.GetCustomAttribute<AuthorizeAttribute>() ?? action.DeclaringType!.GetCustomAttribute<AuthorizeAttribute>())?.Policy;

    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        if (ScopeOf(context.MethodInfo) is not { } scope)
        {
            return;
        }

        context.Document.AddComponent<IOpenApiSecurityScheme>(Token, new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.Http,
            Scheme = "bearer",
            BearerFormat = "JWT",
            Description = "A token of the service's identity provider (OAuth 2), where one is set up.",
        });
        context.Document.AddComponent<IOpenApiSecurityScheme>(ApiKey, new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.ApiKey,
            In = ParameterLocation.Header,
            Name = Credentials.ApiKeyHeader,
            Description = "A key that the service's operator has made.",
        });
        operation.Description = $"{operation.Description}\n\nTakes the scope `{scope}`.".TrimStart();
        operation.Security = [Requirement(Token, context), Requirement(ApiKey, context)];
        if (scope != Scopes.Manage)
        {
            // Where the service's settings let callers in without credentials.
            operation.Security.Add([]);
        }
    }

    private static OpenApiSecurityRequirement Requirement(string scheme, OperationFilterContext context) =>
        new() { [new OpenApiSecuritySchemeReference(scheme, context.Document)] = [] };
}
