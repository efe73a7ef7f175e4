using System.Globalization;
using System.Reflection;
using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.OpenApi;
using Orders.Api.OpenApi.Attributes;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Orders.Api.OpenApi;

/// <summary>The successes of an operation, with headers and a real example, and the body that it takes.</summary>
internal sealed class SuccessAnswers : IOperationFilter
{
    private const string Json = "application/json";

    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        foreach (ApiResponseType type in context.ApiDescription.SupportedResponseTypes)
        {
            var answer = (OpenApiResponse)operation.Responses![type.StatusCode.ToString(CultureInfo.InvariantCulture)];
            answer.Headers = HeadersOf(context.MethodInfo, type.StatusCode);
            if (type.StatusCode is StatusCodes.Status302Found or StatusCodes.Status304NotModified)
            {
                (answer.Description, answer.Content) = (type.Description, null);
                continue;
            }

            IOpenApiSchema schema = answer.Content![Json].Schema!;
            answer.Description = type.Description ?? context.SchemaRepository.Schemas[((OpenApiSchemaReference)schema).Reference.Id!]
                .Description;
            answer.Content = new Dictionary<string, OpenApiMediaType>
            {
                [Json] = new()
                {
                    Schema = schema,
                    Example = type.StatusCode == StatusCodes.Status200OK
                        && context.MethodInfo.GetCustomAttribute<AnswerExampleAttribute>() is { } example
                        ? Schemas.ExampleOf(type.Type!, example.Field)
                        : Schemas.ExampleOf(type.Type!),
                },
            };
        }

        if (operation.RequestBody is OpenApiRequestBody body)
        {
            Type type = context.ApiDescription.ParameterDescriptions.Single(parameter => parameter.Source == BindingSource.Body).Type;
            body.Required = true;
            body.Content = new Dictionary<string, OpenApiMediaType>
            {
                [Json] = new() { Schema = body.Content![Json].Schema, Example = Schemas.ExampleOf(type) },
            };
        }
    }

    private static Dictionary<string, IOpenApiHeader> HeadersOf(MethodInfo action, int status)
    {
        var headers = action
            .GetCustomAttributes<AnswerHeaderAttribute>()
            .Where(header => header.Status == status)
            .ToDictionary(header => header.Name, header => (IOpenApiHeader)(header.Example is int seconds
                ? Headers.Seconds(header.Description, seconds)
                : Headers.Text(header.Description, (string)header.Example)));
        return LimitHeaders.AreOn(action) ? new(headers.Concat(LimitHeaders.Describe(action))) : headers;
    }
}
