using System.Globalization;
using System.Reflection;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.OpenApi;
using Orders.Api.Http;
using Orders.Api.OpenApi.Attributes;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Orders.Api.OpenApi;

/// <summary>
/// The errors of an operation, each with a real example: those that its attributes name, and those that follow from what it is.
/// </summary>
internal sealed class ErrorAnswers(ValidationRules rules) : IOperationFilter
{
    /// <summary>The error that an attribute names.</summary>
    public static ApiError Create(AnswersErrorAttribute answer) => typeof(ApiError).GetMember(answer.Error) switch
    {
        [FieldInfo field] => (ApiError)field.GetValue(null)!,
        [MethodInfo method] => (ApiError)method.Invoke(null, answer.Arguments)!,
        _ => throw new InvalidOperationException($"{nameof(ApiError)} has no member {answer.Error}, which an operation names as its "
            + "error."),
    };

    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        foreach (IGrouping<int, (ApiError Error, string Description)> answers in Errors(context.MethodInfo)
            .GroupBy(answer => answer.Error.Status)
            .OrderBy(answers => answers.Key))
        {
            operation.Responses!.Add(answers.Key.ToString(CultureInfo.InvariantCulture), Answer([.. answers], context));
        }
    }

    private IEnumerable<(ApiError Error, string Description)> Errors(MethodInfo action)
    {
        yield return (ApiError.MethodNotAllowed, "The path was called with a method that it does not take.");
        foreach (AnswersErrorAttribute answer in action.GetCustomAttributes<AnswersErrorAttribute>())
        {
            yield return (Create(answer), answer.Description);
        }

        if (action.GetCustomAttribute<AnswersInvalidAttribute>() is { } invalid)
        {
            yield return (Create(invalid, action), invalid.Description);
        }

        if (OperationSecurity.ScopeOf(action) is { } scope)
        {
            yield return (ApiError.Unauthenticated, "There are no credentials where some are needed, or none that are valid.");
            yield return (ApiError.Forbidden(scope), "The credentials are valid, and do not allow this.");
        }

        var failure = action.GetCustomAttribute<FailureDetailAttribute>();
        if (failure is not null)
        {
            yield return (ApiError.Internal(failure.Detail), "Something failed that is not the caller's doing; the log has it under "
                + "`trace_id`.");
            yield return (ApiError.Timeout, "A statement or the request took longer than its time limit.");
        }

        if (failure is not null || action.GetCustomAttribute<NeedsDatabaseAttribute>() is not null)
        {
            yield return (
                ApiError.DatabaseUnavailable("The database does not accept connections: nothing listens at its address."),
                "The database is unreachable, starting, or out of connections; `detail` says which.");
        }

        if (action.GetCustomAttribute<DisableRateLimitingAttribute>() is null)
        {
            yield return (ApiError.Overloaded, "`overloaded`: more requests are under way than the service takes.");
        }

        if (LimitHeaders.AreOn(action))
        {
            yield return (
                ApiError.RateLimited(LimitHeaders.ExampleOf(action).Describe(), retryAfter: 1),
                "Where a limit is set: the caller has used it up. `RateLimit-Policy` tells the limit.");
        }
    }

    private ApiError Create(AnswersInvalidAttribute answer, MethodInfo action)
    {
        string message = answer.Message ?? rules.MessageOf(
            action.GetParameters().Select(parameter => parameter.ParameterType), answer.Name);
        return ApiError.ValidationFailed($"{answer.Name} {message}.", new Dictionary<string, string[]> { [answer.Name] = [message] });
    }

    /// <summary>A status that several errors have tells them apart by their codes.</summary>
    private static OpenApiResponse Answer((ApiError Error, string Description)[] answers, OperationFilterContext context)
    {
        var content = new OpenApiMediaType
        {
            Schema = context.SchemaGenerator.GenerateSchema(typeof(ProblemResponse), context.SchemaRepository),

            // A code may be met for several reasons.
            Examples = answers.GroupBy(answer => answer.Error.Code)
                .SelectMany(same => same.Select((answer, index) => (Name: index == 0 ? same.Key : $"{same.Key}_{index + 1}", answer.Error)))
                .ToDictionary(
                    example => example.Name, example => (IOpenApiExample)new OpenApiExample { Value = ExampleOf(example.Error) }),
        };

        return new OpenApiResponse
        {
            Description = answers.Length == 1
                ? answers[0].Description
                : string.Join(' ', answers.Select(answer => $"`{answer.Error.Code}`: {answer.Description}")),
            Headers = HeadersOf(answers[0].Error, context.MethodInfo),
            Content = new Dictionary<string, OpenApiMediaType> { [Problems.ContentType] = content },
        };
    }

    private static JsonNode? ExampleOf(ApiError error) => Schemas.ToJson(ProblemResponse.From(error, ProblemResponse.Example.TraceId));

    private static Dictionary<string, IOpenApiHeader> HeadersOf(ApiError error, MethodInfo action)
    {
        Dictionary<string, IOpenApiHeader> headers =
            error.Status == StatusCodes.Status429TooManyRequests ? LimitHeaders.Describe(action) : [];
        if (error.RetryAfter is { } seconds)
        {
            headers["Retry-After"] = Headers.Seconds("After how many seconds to try again.", seconds);
        }

        if (error.Status == StatusCodes.Status401Unauthorized)
        {
            headers["WWW-Authenticate"] = Headers.Text("How to send credentials.", "Bearer");
        }

        if (error.Status == StatusCodes.Status405MethodNotAllowed)
        {
            headers["Allow"] = Headers.Text("The methods that the path takes.", "GET, HEAD");
        }

        return headers;
    }
}
