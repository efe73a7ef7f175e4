using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using Orders.Api.Http;
using Orders.Api.Lakebase;
using Orders.Api.Security;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Orders.Api.OpenApi;

/// <summary>What the operations on the resources answer beside what all do, and the key that they take. They are in the document only when they are in the service.</summary>
internal sealed class ResourceAnswers : IOperationFilter
{
    private const string Key = "resourcesKey";
    private const string Json = "application/json";
    private const string Creation = "createLakebaseResources";

    private static readonly ApiError CreateValidation = ApiError.ValidationFailed(
        "capacity has to be one of CU_1, CU_2, CU_4, CU_8.", new Dictionary<string, string[]> { ["capacity"] = ["has to be one of CU_1, CU_2, CU_4, CU_8"] });

    private static readonly ApiError DeleteValidation = ApiError.ValidationFailed(
        "confirm_deletion has to be true or false.", new Dictionary<string, string[]> { ["confirm_deletion"] = ["has to be true or false"] });

    private static readonly ApiError Unavailable = ApiError.WorkspaceUnavailable("The workspace did not answer in time.");

    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        if (context.MethodInfo.DeclaringType != typeof(ResourcesController))
        {
            return;
        }

        Secure(operation, context.Document);
        OpenApiResponses answers = operation.Responses!;
        bool isStart = answers.ContainsKey("202");
        if (isStart)
        {
            object refrained = operation.OperationId == Creation ? ResourcesCreatedResponse.Refrained : ResourcesDeletedResponse.Refrained;
            Accept((OpenApiResponse)answers["200"], JsonSerializer.SerializeToNode(refrained, refrained.GetType())!, (OpenApiResponse)answers["202"]);
        }
        else
        {
            ((OpenApiResponse)answers["200"]).Headers = new Dictionary<string, IOpenApiHeader>
            {
                ["Cache-Control"] = OperationAnswers.Text("The answer may not be kept.", "no-store"),
                ["Retry-After"] = OperationAnswers.Seconds("After how many seconds to ask again; only while an operation runs.", 10),
            };
        }

        foreach ((ApiError error, string description) in Errors(operation.OperationId!, isStart))
        {
            answers.Add(error.Status.ToString(CultureInfo.InvariantCulture), OperationAnswers.Answer(error, description, context));
        }
    }

    private static void Secure(OpenApiOperation operation, OpenApiDocument document)
    {
        document.AddComponent<IOpenApiSecurityScheme>(Key, new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.Http,
            Scheme = ResourcesKeyFilter.Scheme.ToLowerInvariant(),
            Description = "The key in the service's setting `Lakebase:ResourcesKey`.",
        });
        operation.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Key, document)] = [] }];
    }

    private static void Accept(OpenApiResponse refrained, JsonNode example, OpenApiResponse accepted)
    {
        accepted.Description = "It has begun, or was under way.";
        accepted.Content = refrained.Content;
        accepted.Headers = new Dictionary<string, IOpenApiHeader>
        {
            ["Location"] = OperationAnswers.Text("Where to ask how far it is, relative to this path.", "lakebase-resources"),
            ["Retry-After"] = OperationAnswers.Seconds("After how many seconds to ask there.", 10),
        };
        refrained.Content = new Dictionary<string, OpenApiMediaType> { [Json] = new() { Schema = accepted.Content![Json].Schema, Example = example } };
        refrained.Description = "Not confirmed, so nothing was done.";
    }

    private static IEnumerable<(ApiError Error, string Description)> Errors(string operation, bool isStart)
    {
        yield return (ApiError.Unauthorized, "The key is missing or wrong.");
        if (isStart)
        {
            yield return (ApiError.ResourcesBusy, "The opposite operation runs, or one that asks for something else.");
            yield return (operation == Creation ? CreateValidation : DeleteValidation, "A parameter is not valid; `errors` tells what is wrong with which one.");
        }
        else
        {
            yield return (Unavailable, "No operation has run since the service started, and the workspace does not tell what it has.");
        }
    }
}
