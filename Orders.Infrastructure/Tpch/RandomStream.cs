using System.Runtime.CompilerServices;

namespace Orders.Infrastructure.Tpch;

/// <summary>
/// One random stream of one column (TPC-H clause 4.2.2.3). A mutable structure: it is kept in a field or a local and never copied while in use.
/// </summary>
/// <param name="seed">A start seed from <see cref="StreamSeeds"/>, or a later state of that stream.</param>
internal struct RandomStream(uint seed)
{
    private uint _seed = seed;

    public readonly uint Seed => _seed;

    /// <summary>
    /// A number from 0 to <paramref name="count"/> − 1. The arithmetic is dbgen's, in double precision and in its order: another order rounds
    /// some draws to their neighbour.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public long Draw(double count)
    {
        _seed = ParkMiller.Next(_seed);
        return (long)((int)_seed / (double)ParkMiller.Modulus * count);
    }

    /// <summary>Moves the stream by a number of draws given as a power from <see cref="ParkMiller.Power"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void SkipBy(uint power) => _seed = ParkMiller.Multiply(_seed, power);

    public void Skip(long draws) => _seed = ParkMiller.Skip(_seed, draws);
}
