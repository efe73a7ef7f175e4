namespace Orders.Infrastructure.Lakebase.Connecting;

/// <summary>Computes the pause before the next renewal of the database credential.</summary>
internal static class RenewalDelay
{
    // Renewal after a third of its life lets the workspace be away for forty minutes of the hour unnoticed.
    private const int Thirds = 3;

    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan FirstRetry = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestRetry = TimeSpan.FromSeconds(30);

    public static TimeSpan After(DatabaseCredential credential) => Max(credential.Lifetime.Duration / Thirds, Shortest);

    /// <summary>Doubles from one second to half a minute, minus up to a quarter at random, so that instances spread.</summary>
    /// <param name="failures">In a row, from 1.</param>
    public static TimeSpan AfterFailure(int failures)
    {
        TimeSpan delay = failures < 6 ? FirstRetry * (1 << (failures - 1)) : LongestRetry;
        return Max(delay * (1 - (Random.Shared.NextDouble() / 4)), FirstRetry);
    }

    private static TimeSpan Max(TimeSpan one, TimeSpan other) => one > other ? one : other;
}
