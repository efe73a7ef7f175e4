namespace Orders.Api.Http;

/// <summary>The <c>detail</c> of a 500 of this operation.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class FailureDetailAttribute(string detail) : Attribute
{
    public string Detail { get; } = detail;
}
