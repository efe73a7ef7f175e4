namespace Orders.Api.Http;

/// <summary>What a client reads in <c>detail</c> when this operation fails for a reason of ours.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class FailureDetailAttribute(string detail) : Attribute
{
    public string Detail { get; } = detail;
}
