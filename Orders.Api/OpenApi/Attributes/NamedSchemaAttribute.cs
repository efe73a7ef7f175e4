using Microsoft.OpenApi;

namespace Orders.Api.OpenApi.Attributes;

/// <summary>Gives a property a schema of its own name, to which its type refers.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal abstract class NamedSchemaAttribute(string name) : Attribute
{
    public string Name { get; } = name;

    public abstract OpenApiSchema Create();
}
