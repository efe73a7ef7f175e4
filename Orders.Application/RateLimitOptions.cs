namespace Orders.Application;

/// <summary>The settings under <c>Orders:RateLimits</c>: how often one caller may ask; null for as often as it likes.</summary>
public sealed class RateLimitOptions
{
    /// <summary>For reading orders.</summary>
    public RateLimit? Read { get; set; }

    /// <summary>For changing orders.</summary>
    public RateLimit? Write { get; set; }
}
