using System.Reflection;
using System.Text.Json.Serialization;
using Microsoft.OpenApi;
using Orders.Api.OpenApi.Attributes;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Orders.Api.OpenApi;

/// <summary>Completes the schemas by the attributes of their types: bounds, examples, and which members are always there.</summary>
internal sealed class SchemaDetails : ISchemaFilter
{
    public void Apply(IOpenApiSchema schema, SchemaFilterContext context)
    {
        if (schema is OpenApiSchemaReference reference && context.MemberInfo is null)
        {
            // The schema has its description where it stands; repeated beside the reference it would hide that of the answer.
            reference.Reference.Description = null;
        }

        if (schema is OpenApiSchema { Properties: { } properties } details && context.MemberInfo is null)
        {
            Complete(details, properties, context);
        }
    }

    private static void Complete(OpenApiSchema schema, IDictionary<string, IOpenApiSchema> properties, SchemaFilterContext context)
    {
        // A client may send further members, which are ignored, and must expect further ones in later answers.
        schema.AdditionalPropertiesAllowed = true;
        schema.AdditionalProperties = null;
        schema.Required = new SortedSet<string>(StringComparer.Ordinal);
        foreach (PropertyInfo property in context.Type.GetProperties())
        {
            if (property.GetCustomAttribute<JsonPropertyNameAttribute>() is not { Name: var name }
                || !properties.TryGetValue(name, out IOpenApiSchema? member))
            {
                continue;
            }

            bool isLeftOut = property.GetCustomAttribute<JsonIgnoreAttribute>() is not null;
            if (!isLeftOut)
            {
                schema.Required.Add(name);
            }

            if (property.GetCustomAttribute<NamedSchemaAttribute>() is { } named)
            {
                properties[name] = Refer(named, context.SchemaRepository);
            }
            else if (member is OpenApiSchema plain)
            {
                Describe(plain, property, isLeftOut);
            }
        }

        schema.Example = Schemas.ExampleOf(context.Type);
    }

    private static OpenApiSchemaReference Refer(NamedSchemaAttribute named, SchemaRepository schemas) =>
        schemas.Schemas.ContainsKey(named.Name)
        ? new OpenApiSchemaReference(named.Name)
        : schemas.AddDefinition(named.Name, named.Create());

    /// <summary>Adds what Swashbuckle does not read: of the framework's attributes it reads those of validation.</summary>
    private static void Describe(OpenApiSchema member, PropertyInfo property, bool isLeftOut)
    {
        if (isLeftOut)
        {
            // Left out instead of null.
            member.Type &= ~JsonSchemaType.Null;
        }

        if (property.GetCustomAttribute<MinimumAttribute>() is { } minimum)
        {
            (member.Items as OpenApiSchema ?? member).StartAt(minimum.Value);
        }

        if (property.GetCustomAttribute<ItemsAttribute>() is { } items)
        {
            (member.MinItems, member.MaxItems) = (items.Least, items.Most);
        }

        if (property.GetCustomAttribute<ErrorMessageAttribute>() is not null)
        {
            member.AddExtension("x-ms-primary-error-message", new JsonNodeExtension(true));
        }

        if (property.GetCustomAttribute<DistinctAttribute>() is not null)
        {
            member.UniqueItems = true;
        }
    }
}
