namespace Orders.Infrastructure.Tpch;

/// <summary>Writes one order in some format and returns the number of bytes.</summary>
internal delegate int OrderEncoder(in OrderRow row, ReadOnlySpan<byte> comment, Span<byte> target);
