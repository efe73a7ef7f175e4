namespace Orders.Api.OpenApi.Attributes;

/// <summary>The member of an error that generated exceptions take for their message; Kiota's read it.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class ErrorMessageAttribute : Attribute;
