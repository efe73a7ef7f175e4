namespace Orders.Infrastructure.Tpch;

/// <summary>A format for orders: the bytes before the first order, each order, and the bytes after the last one.</summary>
internal sealed record OrderFormat
{
    public required byte[] Header { get; init; }

    public required OrderEncoder Encode { get; init; }

    /// <summary>An upper bound on the bytes of one order.</summary>
    public required int MaxRowLength { get; init; }

    public required byte[] Trailer { get; init; }
}

/// <summary>Writes one order in a format.</summary>
/// <returns>The number of bytes written.</returns>
internal delegate int OrderEncoder(in OrderRow row, ReadOnlySpan<byte> comment, Span<byte> target);
