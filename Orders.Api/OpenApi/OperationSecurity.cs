using System.Reflection;
using Microsoft.OpenApi;
using Orders.Api.OpenApi.Attributes;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Orders.Api.OpenApi;

/// <summary>The key that the operations of a controller with <see cref="BearerKeyAttribute"/> take.</summary>
internal sealed class OperationSecurity : IOperationFilter
{
    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        if (context.MethodInfo.DeclaringType!.GetCustomAttribute<BearerKeyAttribute>() is not { } key)
        {
            return;
        }

        context.Document.AddComponent<IOpenApiSecurityScheme>(key.Name, new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.Http,
            Scheme = "bearer",
            Description = key.Description,
        });
        operation.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(key.Name, context.Document)] = [] }];
    }
}
