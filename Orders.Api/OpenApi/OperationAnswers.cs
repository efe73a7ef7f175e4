using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using Orders.Api.Http;
using Orders.Api.Orders;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Orders.Api.OpenApi;

/// <summary>Every answer of every operation: the schema, the headers and a real example.</summary>
internal sealed class OperationAnswers : IOperationFilter
{
    private const string Json = "application/json";

    private static readonly ApiError Validation = ApiError.ValidationFailed(
        "page_size has to be from 1 to 1000.", new Dictionary<string, string[]> { ["page_size"] = ["has to be from 1 to 1000"] });

    private static readonly ApiError KeyValidation = ApiError.ValidationFailed(
        "order_key has to be a whole number.", new Dictionary<string, string[]> { ["order_key"] = ["has to be a whole number"] });

    private static readonly ApiError StatusValidation = ApiError.ValidationFailed(
        "o_orderstatus has to be O, F or P.", new Dictionary<string, string[]> { ["o_orderstatus"] = ["has to be O, F or P"] });

    private static readonly ApiError Unavailable = ApiError.DatabaseUnavailable("The database does not accept connections: nothing listens at its address.");

    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        OpenApiResponses answers = operation.Responses ??= [];
        OpenApiResponse success = (OpenApiResponse)answers["200"];
        success.Headers = SuccessHeaders(operation.OperationId!);
        OpenApiMediaType media = success.Content![Json];
        success.Content = new Dictionary<string, OpenApiMediaType> { [Json] = media };
        success.Description = context.SchemaRepository.Schemas[((OpenApiSchemaReference)media.Schema!).Reference.Id!].Description;
        media.Example = SuccessExample(operation.OperationId!, context);

        if (operation.RequestBody is OpenApiRequestBody body)
        {
            body.Required = true;
            body.Content = new Dictionary<string, OpenApiMediaType>
            {
                [Json] = new() { Schema = body.Content![Json].Schema, Example = Examples.Of(typeof(UpdateOrderStatusRequest)) },
            };
        }

        foreach ((ApiError error, string description) in Errors(operation.OperationId!, context))
        {
            answers.Add(error.Status.ToString(CultureInfo.InvariantCulture), Answer(error, description, context));
        }
    }

    private static JsonNode? SuccessExample(string operation, OperationFilterContext context) => operation == "getLiveness"
        ? new JsonObject { ["status"] = "live" }
        : Examples.Of(context.ApiDescription.SupportedResponseTypes.Single(type => type.StatusCode == StatusCodes.Status200OK).Type!);

    private static IEnumerable<(ApiError Error, string Description)> Errors(string operation, OperationFilterContext context)
    {
        bool isOrder = operation is "getOrder" or "updateOrderStatus";
        bool readsDatabase = context.MethodInfo.GetCustomAttributes(typeof(FailureDetailAttribute), false) is [FailureDetailAttribute];
        if (isOrder)
        {
            yield return (ApiError.InvalidOrderKey, "The order key is zero or negative.");
            yield return (ApiError.OrderNotFound(8), "There is no order with this key.");
        }

        yield return (ApiError.MethodNotAllowed, "The path was called with a method that it does not take.");
        if (operation == "updateOrderStatus")
        {
            yield return (ApiError.PayloadTooLarge, "The body is larger than 16 KiB.");
            yield return (ApiError.UnsupportedMediaType, "The body is not JSON by its content type.");
            yield return (StatusValidation, "The key or the body is not valid; `errors` tells what is wrong with which part.");
        }
        else if (operation is "getOrder")
        {
            yield return (KeyValidation, "The order key is not a whole number of 64 bits.");
        }
        else if (operation is "listOrdersByPage" or "streamOrders")
        {
            yield return (Validation, "A parameter is not valid; `errors` tells what is wrong with which one.");
        }

        if (context.MethodInfo.GetCustomAttributes(typeof(FailureDetailAttribute), false) is [FailureDetailAttribute failure])
        {
            yield return (ApiError.Internal(failure.Detail), "Something failed that is not the caller's doing; the log has it under `trace_id`.");
        }

        if (readsDatabase || operation == "getReadiness")
        {
            yield return (Unavailable, "The database is unreachable, starting, or out of connections; `detail` says which.");
        }

        if (readsDatabase)
        {
            yield return (ApiError.Timeout, "A statement or the request took longer than its time limit.");
        }
    }

    internal static OpenApiResponse Answer(ApiError error, string description, OperationFilterContext context) => new()
    {
        Description = description,
        Headers = ErrorHeaders(error),
        Content = new Dictionary<string, OpenApiMediaType>
        {
            [Problems.ContentType] = new()
            {
                Schema = context.SchemaGenerator.GenerateSchema(typeof(ProblemResponse), context.SchemaRepository),
                Example = Examples.Of(error),
            },
        },
    };

    private static Dictionary<string, IOpenApiHeader> SuccessHeaders(string operation)
    {
        var headers = new Dictionary<string, IOpenApiHeader>();
        switch (operation)
        {
            case "countOrders":
                headers["Cache-Control"] = Text("How long the count may be reused: `max-age` in seconds.", "max-age=2");
                headers["Age"] = Seconds("How old the count is, in seconds.", 0);
                break;
            case "listOrdersByPage":
                headers["Cache-Control"] = Text("The orders may not be reused without asking again; `max-age` tells how old the totals may be, in seconds.", "no-cache, max-age=2");
                headers["Age"] = Seconds("How old the totals are, in seconds; only with the count.", 0);
                break;
            case "sampleOrderKeys" or "streamOrders" or "getOrder":
                headers["Cache-Control"] = Text("The answer may not be reused without asking again.", "no-cache");
                break;
            case "getHealthcheck":
                headers["Cache-Control"] = Text("The answer may not be kept.", "no-store");
                break;
        }

        return headers;
    }

    private static Dictionary<string, IOpenApiHeader> ErrorHeaders(ApiError error)
    {
        var headers = new Dictionary<string, IOpenApiHeader>();
        if (error.RetryAfter is { } seconds)
        {
            headers["Retry-After"] = Seconds("After how many seconds to try again.", seconds);
        }

        if (error.Status == StatusCodes.Status401Unauthorized)
        {
            headers["WWW-Authenticate"] = Text("How to send the key.", "Bearer");
        }

        if (error.Status == StatusCodes.Status405MethodNotAllowed)
        {
            headers["Allow"] = Text("The methods that the path takes.", "GET, HEAD");
        }

        return headers;
    }

    internal static OpenApiHeader Text(string description, string example) => new()
    {
        Description = description,
        Schema = new OpenApiSchema { Type = JsonSchemaType.String },
        Example = JsonValue.Create(example),
    };

    internal static OpenApiHeader Seconds(string description, int example) => new()
    {
        Description = description,
        Schema = new OpenApiSchema { Type = JsonSchemaType.Integer, Format = "int64", Minimum = "0" },
        Example = JsonValue.Create(example),
    };
}
