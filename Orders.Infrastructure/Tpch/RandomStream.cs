using System.Runtime.CompilerServices;

namespace Orders.Infrastructure.Tpch;

/// <summary>
/// The random stream of one column (TPC-H clause 4.2.2.3). This is a mutable struct: keep it in a field or a local variable, and do not
/// copy it while it is in use.
/// </summary>
/// <param name="seed">A start seed from <see cref="StreamSeeds"/>, or a later state of that stream.</param>
internal struct RandomStream(uint seed)
{
    private uint _seed = seed;

    public readonly uint Seed => _seed;

    /// <summary>
    /// A number from 0 to <paramref name="count"/> − 1. The arithmetic is dbgen's, in double precision and in the same order: another order
    /// would round some draws to a neighbouring number.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public long Draw(double count)
    {
        _seed = ParkMiller.Next(_seed);
        return (long)((int)_seed / (double)ParkMiller.Modulus * count);
    }

    /// <summary>Skips the draws that <paramref name="power"/>, from <see cref="ParkMiller.Power"/>, stands for.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void SkipBy(uint power) => _seed = ParkMiller.Multiply(_seed, power);

    public void Skip(long draws) => _seed = ParkMiller.Skip(_seed, draws);
}
