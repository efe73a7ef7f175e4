namespace Orders.Api.OpenApi.Attributes;

/// <summary>The contract's name for a type, and a real example of it.</summary>
/// <param name="name">The schema's name in the documents.</param>
/// <param name="example">The name of the type's static field that holds the example.</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct)]
internal sealed class SchemaAttribute(string name, string example) : Attribute
{
    public string Name { get; } = name;

    public string Example { get; } = example;
}
