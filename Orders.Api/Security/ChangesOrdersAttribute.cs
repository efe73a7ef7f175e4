namespace Orders.Api.Security;

/// <summary>The operation changes orders: a service that is read-only refuses it.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ChangesOrdersAttribute : Attribute;
