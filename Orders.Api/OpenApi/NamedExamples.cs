using System.Reflection;
using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using Orders.Api.OpenApi.Attributes;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Orders.Api.OpenApi;

/// <summary>
/// Names the examples, so that mocks and contract tests know which request has which answer: those of one name belong together. Errors have
/// the name of their code. A request for one is there if it is valid and is always answered so on the sample data.
/// </summary>
internal sealed class NamedExamples : IOperationFilter
{
    /// <summary>The name of the first example, which the documentation page sends.</summary>
    public const string Success = "success";

    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        foreach (OpenApiMediaType content in operation.Responses!.Values.SelectMany(answer => answer.Content?.Values ?? []))
        {
            if (content.Example is { } example)
            {
                (content.Example, content.Examples) = (null, Named([(Success, example)]));
            }
        }

        (string Name, string? Request, string? Body)[] errors = [.. Errors(context.MethodInfo)];
        foreach (OpenApiParameter parameter in (operation.Parameters ?? []).OfType<OpenApiParameter>())
        {
            if (parameter.Example is { } example)
            {
                var failing = errors.Select(error => (error.Name, ValueIn(error.Request, parameter.Name!) ?? example.DeepClone()));
                (parameter.Example, parameter.Examples) = (null, Named([(Success, example), .. failing]));
            }
        }

        foreach (OpenApiMediaType content in operation.RequestBody?.Content?.Values ?? [])
        {
            JsonNode example = content.Example!;
            var failing = errors.Select(error => (error.Name, error.Body is null ? example.DeepClone() : JsonNode.Parse(error.Body)!));
            (content.Example, content.Examples) = (null, Named([(Success, example), .. failing]));
        }
    }

    private static IEnumerable<(string Name, string? Request, string? Body)> Errors(MethodInfo action) =>
        from error in action.GetCustomAttributes<AnswersErrorAttribute>()
        where (error.Request ?? error.Body) is not null
        select (ErrorAnswers.Create(error).Code, error.Request, error.Body);

    private static JsonValue? ValueIn(string? request, string parameter) =>
        request?.Split('=', 2) is [var name, var value] && name == parameter
            ? long.TryParse(value, out long number) ? JsonValue.Create(number) : JsonValue.Create(value)
            : null;

    private static Dictionary<string, IOpenApiExample> Named(IEnumerable<(string Name, JsonNode Value)> examples) =>
        examples.ToDictionary(example => example.Name, example => (IOpenApiExample)new OpenApiExample { Value = example.Value });
}
