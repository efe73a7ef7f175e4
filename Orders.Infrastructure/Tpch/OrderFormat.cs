namespace Orders.Infrastructure.Tpch;

/// <summary>A way to write orders: what stands before all of them, each one, and what stands after them.</summary>
internal sealed record OrderFormat
{
    public required byte[] Header { get; init; }

    public required OrderEncoder Encode { get; init; }

    /// <summary>No order takes more bytes.</summary>
    public required int MaxRowLength { get; init; }

    public required byte[] Trailer { get; init; }
}
