using System.Reflection;
using System.Text.Json.Nodes;
using FluentValidation.Validators;
using Microsoft.OpenApi;
using Orders.Api.OpenApi.Attributes;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Orders.Api.OpenApi;

/// <summary>Bounds, defaults and examples of the parameters, from their validators, initial values and attributes.</summary>
internal sealed class ParameterDetails(ValidationRules rules) : IParameterFilter
{
    public void Apply(IOpenApiParameter parameter, ParameterFilterContext context)
    {
        if (parameter is not OpenApiParameter { Schema: OpenApiSchema schema } details)
        {
            return;
        }

        // The parameter has the description; Swashbuckle repeats it in the schema.
        schema.Description = null;
        if (context.PropertyInfo is { } property)
        {
            Describe(details, schema, property);
        }

        ICustomAttributeProvider source = (ICustomAttributeProvider?)context.PropertyInfo ?? context.ParameterInfo;
        foreach (object attribute in source.GetCustomAttributes(false))
        {
            switch (attribute)
            {
                case ExampleAttribute example:
                    details.Example = Schemas.ToJson(example.Value);
                    break;
                case MinimumAttribute minimum:
                    (schema.Items as OpenApiSchema ?? schema).StartAt(minimum.Value);
                    break;
                case ItemsAttribute items:
                    (schema.MinItems, schema.MaxItems, details.Required) = (items.Least, items.Most, true);
                    break;
                case ValuesAttribute allowed:
                    schema.Enum = [.. allowed.Values.Select(value => JsonValue.Create(value))];
                    break;
            }
        }
    }

    /// <summary>A member of a query's type: what it is left out as, and what its validator asks for.</summary>
    private void Describe(OpenApiParameter parameter, OpenApiSchema schema, PropertyInfo property)
    {
        if (property.GetValue(Activator.CreateInstance(property.ReflectedType!)) is { } initial)
        {
            schema.Default = Schemas.ToJson(initial);
        }

        foreach (IPropertyValidator rule in rules.Of(property.ReflectedType!, parameter.Name!))
        {
            switch (rule)
            {
                case INotNullValidator:
                    parameter.Required = true;
                    break;
                case IInclusiveBetweenValidator between:
                    (schema.Minimum, schema.Maximum) = ($"{between.From}", $"{between.To}");
                    break;
                case IGreaterThanOrEqualValidator { ValueToCompare: { } minimum }:
                    schema.StartAt(minimum);
                    break;
            }
        }
    }
}
