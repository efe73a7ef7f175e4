using System.Globalization;

namespace Orders.Infrastructure.Lakebase.Workspace;

/// <summary>How long a credential lasts, as far as its expiry can be believed.</summary>
/// <param name="Duration">From when it was issued.</param>
/// <param name="IsAssumed">Whether its expiry could not be read, or can't be.</param>
internal readonly record struct CredentialLifetime(TimeSpan Duration, bool IsAssumed)
{
    /// <summary>What Databricks says of its credentials; more is not believed.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    /// <summary>Short enough for any credential that there is, and long enough not to ask for them all the time.</summary>
    public static readonly TimeSpan Assumed = TimeSpan.FromMinutes(10);

    /// <param name="expiry">RFC 3339, by the workspace's clock.</param>
    /// <param name="issuedAt">When it was issued. By the workspace's clock too, if it said: this machine's may be wrong by hours.</param>
    public static CredentialLifetime Until(string? expiry, DateTimeOffset issuedAt)
    {
        bool isTime = DateTimeOffset.TryParse(
            expiry, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out DateTimeOffset end);
        return isTime && end > issuedAt
            ? new CredentialLifetime(Min(end - issuedAt, Longest), IsAssumed: false)
            : new CredentialLifetime(Assumed, IsAssumed: true);
    }

    private static TimeSpan Min(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
