namespace Orders.Api.OpenApi.Attributes;

/// <summary>No two items of this list are equal.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class DistinctAttribute : Attribute;
