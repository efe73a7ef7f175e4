using System.Reflection;
using System.Text.Json.Serialization;
using Microsoft.OpenApi;
using Orders.Api.Orders;
using Orders.Application.Orders;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Orders.Api.OpenApi;

/// <summary>What the types alone don't say of the contract's schemas: bounds, formats, examples, and which members are always there.</summary>
internal sealed class SchemaDetails : ISchemaFilter
{
    public void Apply(IOpenApiSchema schema, SchemaFilterContext context)
    {
        if (schema is OpenApiSchemaReference reference && context.MemberInfo is null)
        {
            // The schema has its description where it stands; repeated beside the reference it would hide that of the answer.
            reference.Reference.Description = null;
        }

        if (schema is not OpenApiSchema details)
        {
            return;
        }

        if (context.MemberInfo is null && details.Properties is { } properties)
        {
            Complete(details, properties, context.Type);
            if (context.Type == typeof(UpdateOrderStatusRequest))
            {
                properties["o_orderstatus"] = WritableStatus.Reference(context.SchemaRepository);
            }
        }
    }

    private static void Complete(OpenApiSchema schema, IDictionary<string, IOpenApiSchema> properties, Type type)
    {
        // Members that clients send may have company, which is ignored; an answer has these and no others to rely on.
        schema.AdditionalPropertiesAllowed = true;
        schema.AdditionalProperties = null;
        schema.Required = new SortedSet<string>(StringComparer.Ordinal);
        foreach (PropertyInfo property in type.GetProperties())
        {
            if (property.GetCustomAttribute<JsonPropertyNameAttribute>() is not { Name: var name } || !properties.TryGetValue(name, out IOpenApiSchema? member))
            {
                continue;
            }

            if (property.GetCustomAttribute<JsonIgnoreAttribute>() is null)
            {
                schema.Required.Add(name);
            }

            if (member is OpenApiSchema plain)
            {
                Describe(plain, name);
            }
        }

        schema.Example = Examples.Of(type);
    }

    private static void Describe(OpenApiSchema member, string name)
    {
        switch (name)
        {
            case "o_orderkey" or "next_cursor" or "o_custkey":
                (member.Minimum, member.Maximum) = ("1", Int64Maximum);
                break;
            case "previous_cursor" or "total_orders":
                (member.Minimum, member.Maximum) = ("0", Int64Maximum);
                break;
            case "total_pages" or "total_count":
                (member.Minimum, member.Maximum) = ("-1", Int64Maximum);
                break;
            case "page_size":
                (member.Minimum, member.Maximum) = ("1", $"{PageSize.Maximum}");
                break;
            case "page":
                (member.Minimum, member.Maximum) = ("1", $"{int.MaxValue}");
                break;
            case "o_shippriority":
                (member.Minimum, member.Maximum) = ($"{int.MinValue}", $"{int.MaxValue}");
                break;
            case "o_totalprice":
                member.Format = "decimal";
                break;
            case "completion":
                (member.Minimum, member.Maximum) = ("0", "1");
                break;
            case "errors":
                member.Type = JsonSchemaType.Object;
                break;
            case "sample_order_keys":
                (member.MaxItems, member.UniqueItems) = (5, true);
                if (member.Items is OpenApiSchema key)
                {
                    (key.Minimum, key.Maximum) = ("1", Int64Maximum);
                }

                break;
            case "orders":
                member.MaxItems = PageSize.Maximum;
                break;
        }
    }

    private static string Int64Maximum => $"{long.MaxValue}";
}
