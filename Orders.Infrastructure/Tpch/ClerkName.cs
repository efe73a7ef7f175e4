namespace Orders.Infrastructure.Tpch;

/// <summary>The name of a clerk: <c>Clerk#</c> and nine digits (TPC-H clause 4.2.3, O_CLERK).</summary>
internal static class ClerkName
{
    public const int Length = 15;

    private const int Digits = 9;

    /// <returns>The number of bytes written.</returns>
    public static int Write(int clerk, Span<byte> target)
    {
        "Clerk#"u8.CopyTo(target);
        for (int digit = Length - 1; digit >= Length - Digits; digit--)
        {
            (clerk, int last) = Math.DivRem(clerk, 10);
            target[digit] = (byte)('0' + last);
        }

        return Length;
    }
}
