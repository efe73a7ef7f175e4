namespace Orders.Api.OpenApi.Attributes;

/// <summary>How many items a list may have.</summary>
/// <remarks>It describes and does not validate, unlike the framework's <c>[Length]</c>, whose messages are not the contract's.</remarks>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
internal sealed class ItemsAttribute(int least, int most) : Attribute
{
    public int Least { get; } = least;

    public int Most { get; } = most;
}
