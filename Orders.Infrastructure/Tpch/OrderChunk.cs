namespace Orders.Infrastructure.Tpch;

/// <summary>Consecutive orders in some format; the bytes are valid until the next chunk is asked for.</summary>
internal readonly record struct OrderChunk
{
    public required ReadOnlyMemory<byte> Bytes { get; init; }

    public required int Rows { get; init; }
}
