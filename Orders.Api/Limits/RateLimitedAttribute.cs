namespace Orders.Api.Limits;

/// <summary>Requests to this controller count against the caller's rate limit: GET against that of reads, all others against that of changes.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class RateLimitedAttribute : Attribute;
