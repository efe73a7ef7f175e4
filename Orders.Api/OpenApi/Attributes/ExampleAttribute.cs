namespace Orders.Api.OpenApi.Attributes;

/// <summary>The value of a parameter that the documentation page sends. It is answered 200 on the sample data.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
internal sealed class ExampleAttribute(object value) : Attribute
{
    public object Value { get; } = value;
}
