namespace Orders.Api.OpenApi.Attributes;

/// <summary>The operation answers 503 while the database is unavailable, and no other error of the database.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class NeedsDatabaseAttribute : Attribute;
