namespace Orders.Api.OpenApi.Attributes;

/// <summary>A header that a request may have.</summary>
/// <param name="name">The name.</param>
/// <param name="description">What it does.</param>
/// <param name="example">A value.</param>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
internal sealed class RequestHeaderAttribute(string name, string description, string example) : Attribute
{
    public string Name { get; } = name;

    public string Description { get; } = description;

    public string Example { get; } = example;
}
