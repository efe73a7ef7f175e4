namespace Orders.Api.OpenApi.Attributes;

/// <summary>The 422 of an operation.</summary>
/// <param name="name">The name on the wire of the value that is wrong in the example.</param>
/// <param name="description">When the operation answers it.</param>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class AnswersInvalidAttribute(
    string name, string description = "A parameter is not valid; `errors` tells what is wrong with which one.") : Attribute
{
    public string Name { get; } = name;

    public string Description { get; } = description;

    /// <summary>The message about that value, where no validator has it.</summary>
    public string? Message { get; init; }
}
