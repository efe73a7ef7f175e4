using System.Globalization;
using System.Reflection;
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
    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        foreach (IGrouping<int, (ApiError Error, string Description)> answer in
            Errors(context.MethodInfo).GroupBy(answer => answer.Error.Status).OrderBy(answer => answer.Key))
        {
            // Where a status has several errors, the example is of the first.
            string description = string.Join(' ', answer.Select(error => error.Description));
            operation.Responses!.Add(
                answer.Key.ToString(CultureInfo.InvariantCulture), Answer(answer.First().Error, description, context));
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

        if (action.DeclaringType!.GetCustomAttribute<BearerKeyAttribute>() is not null)
        {
            yield return (ApiError.Unauthorized, "The key is missing or wrong.");
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

    private static ApiError Create(AnswersErrorAttribute answer) => typeof(ApiError).GetMember(answer.Error) switch
    {
        [FieldInfo field] => (ApiError)field.GetValue(null)!,
        [MethodInfo method] => (ApiError)method.Invoke(null, answer.Arguments)!,
        _ => throw new InvalidOperationException($"{nameof(ApiError)} has no member {answer.Error}, which an operation names as its "
            + "error."),
    };

    private ApiError Create(AnswersInvalidAttribute answer, MethodInfo action)
    {
        string message = answer.Message ?? rules.MessageOf(
            action.GetParameters().Select(parameter => parameter.ParameterType), answer.Name);
        return ApiError.ValidationFailed($"{answer.Name} {message}.", new Dictionary<string, string[]> { [answer.Name] = [message] });
    }

    private static OpenApiResponse Answer(ApiError error, string description, OperationFilterContext context) => new()
    {
        Description = description,
        Headers = HeadersOf(error, context.MethodInfo),
        Content = new Dictionary<string, OpenApiMediaType>
        {
            [Problems.ContentType] = new()
            {
                Schema = context.SchemaGenerator.GenerateSchema(typeof(ProblemResponse), context.SchemaRepository),
                Example = Schemas.ToJson(ProblemResponse.From(error, ProblemResponse.Example.TraceId)),
            },
        },
    };

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
            headers["WWW-Authenticate"] = Headers.Text("How to send the key.", "Bearer");
        }

        if (error.Status == StatusCodes.Status405MethodNotAllowed)
        {
            headers["Allow"] = Headers.Text("The methods that the path takes.", "GET, HEAD");
        }

        return headers;
    }
}
