namespace Orders.Api.OpenApi.Attributes;

/// <summary>An error that an operation answers.</summary>
/// <param name="error">The name of the member of <c>ApiError</c> that makes it.</param>
/// <param name="description">When the operation answers it.</param>
/// <param name="arguments">The example's, where that member is a method.</param>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
internal sealed class AnswersErrorAttribute(string error, string description, params object[] arguments) : Attribute
{
    public string Error { get; } = error;

    public string Description { get; } = description;

    public object[] Arguments { get; } = arguments;

    /// <summary>A request that is answered so on the sample data: a parameter's or header's name and value; null when none always is.</summary>
    public string? Request { get; init; }

    /// <summary>The body of such a request, as JSON.</summary>
    public string? Body { get; init; }
}
