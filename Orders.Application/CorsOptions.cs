namespace Orders.Application;

/// <summary>The settings under <c>Orders:Cors</c>: which pages of other sites may call the service from a browser.</summary>
public sealed class CorsOptions
{
    /// <summary>Origins such as <c>https://shop.example</c>, separated by commas, or <c>*</c> for any; null for none.</summary>
    public string? Origins { get; set; }
}
