namespace Orders.Api.OpenApi.Attributes;

/// <summary>The example of an operation's 200, where it is not that of its type.</summary>
/// <param name="field">The name of the type's static field that holds it.</param>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class AnswerExampleAttribute(string field) : Attribute
{
    public string Field { get; } = field;
}
