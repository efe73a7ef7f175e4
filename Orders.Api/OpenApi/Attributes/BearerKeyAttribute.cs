namespace Orders.Api.OpenApi.Attributes;

/// <summary>The operations of this controller take a key, sent as <c>Authorization: Bearer</c>.</summary>
/// <param name="name">The security scheme's name in the documents.</param>
/// <param name="description">Where the key comes from.</param>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class BearerKeyAttribute(string name, string description) : Attribute
{
    public string Name { get; } = name;

    public string Description { get; } = description;
}
