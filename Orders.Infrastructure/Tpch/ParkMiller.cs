using System.Runtime.CompilerServices;

namespace Orders.Infrastructure.Tpch;

/// <summary>
/// The generator behind every TPC-H random number (TPC-H clause 4.2.2.3; Park and Miller, CACM 31(10), 1988):
/// <c>next = 16807 × seed mod 2^31 − 1</c>. A seed is never 0, so no state is stuck.
/// </summary>
internal static class ParkMiller
{
    public const uint Modulus = int.MaxValue;

    private const uint Multiplier = 16807;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Next(uint seed) => Reduce((ulong)seed * Multiplier);

    /// <summary>The seed after <paramref name="steps"/> steps, in time logarithmic in them.</summary>
    public static uint Skip(uint seed, long steps) => Multiply(seed, Power(steps));

    /// <summary>What a seed is multiplied with to move it by <paramref name="steps"/> steps at once.</summary>
    public static uint Power(long steps)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(steps);
        uint power = 1u;
        for (uint square = Multiplier; steps > 0; steps >>= 1)
        {
            if ((steps & 1) == 1)
            {
                power = Multiply(power, square);
            }

            square = Multiply(square, square);
        }

        return power;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Multiply(uint left, uint right) => Reduce((ulong)left * right);

    // 2^31 ≡ 1 for this modulus, so the high bits are added to the low ones instead of dividing. Where the sum is below the modulus,
    // the subtraction wraps to a larger number and the minimum keeps the sum: no branch to mispredict.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Reduce(ulong product)
    {
        uint sum = (uint)(product & Modulus) + (uint)(product >> 31);
        return Math.Min(sum, sum - Modulus);
    }
}
