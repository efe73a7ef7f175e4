namespace Orders.Infrastructure.Lakebase.Connecting;

/// <summary>When the database credential is renewed next.</summary>
internal static class RenewalDelay
{
    // A credential is renewed after a third of its life: the workspace may then be away for forty minutes of the hour unnoticed.
    private const int Thirds = 3;

    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan FirstRetry = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestRetry = TimeSpan.FromSeconds(30);

    public static TimeSpan After(DatabaseCredential credential) => Max(credential.Lifetime.Duration / Thirds, Shortest);

    /// <summary>From one second, doubled each time, to half a minute; up to a quarter less, so that instances spread.</summary>
    /// <param name="failures">In a row, from 1.</param>
    public static TimeSpan AfterFailure(int failures)
    {
        TimeSpan delay = failures < 6 ? FirstRetry * (1 << (failures - 1)) : LongestRetry;
        return Max(delay * (1 - (Random.Shared.NextDouble() / 4)), FirstRetry);
    }

    private static TimeSpan Max(TimeSpan one, TimeSpan other) => one > other ? one : other;
}
