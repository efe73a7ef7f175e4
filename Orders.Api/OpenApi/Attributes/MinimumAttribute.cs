namespace Orders.Api.OpenApi.Attributes;

/// <summary>The least value of a whole number, or of each in a list. The greatest is the greatest of its type.</summary>
/// <remarks>It describes and does not validate, unlike the framework's <c>[Range]</c>, so it may stand on a parameter too.</remarks>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
internal sealed class MinimumAttribute(long value) : Attribute
{
    public long Value { get; } = value;
}
