using System.Runtime.CompilerServices;

namespace Orders.Application;

/// <summary>The objects that instruments look at when they are read. None is kept in memory by it.</summary>
public sealed class Observed<T>
    where T : class
{
    private readonly ConditionalWeakTable<T, object?> _all = [];

    public IEnumerable<T> All => _all.Select(entry => entry.Key);

    public void Add(T one) => _all.Add(one, null);
}
