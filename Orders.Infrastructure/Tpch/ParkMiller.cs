using System.Runtime.CompilerServices;

namespace Orders.Infrastructure.Tpch;

/// <summary>
/// The generator of every TPC-H random number (TPC-H clause 4.2.2.3; Park and Miller, CACM 31(10), 1988):
/// <c>next = 16807 × seed mod 2^31 − 1</c>. A seed is never 0, which would stay 0.
/// </summary>
internal static class ParkMiller
{
    public const uint Modulus = int.MaxValue;

    private const uint Multiplier = 16807;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Next(uint seed) => Reduce((ulong)seed * Multiplier);

    /// <summary>The seed after <paramref name="steps"/> steps, computed in time logarithmic in the number of steps.</summary>
    public static uint Skip(uint seed, long steps) => Multiply(seed, Power(steps));

    /// <summary>The factor that moves a seed by <paramref name="steps"/> steps in one multiplication.</summary>
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

    // 2^31 ≡ 1 for this modulus, so adding the high bits to the low ones replaces the division. If the sum is below the modulus, the
    // subtraction wraps to a larger number and the minimum is the sum. There is no branch that the processor could mispredict.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Reduce(ulong product)
    {
        uint sum = (uint)(product & Modulus) + (uint)(product >> 31);
        return Math.Min(sum, sum - Modulus);
    }
}
