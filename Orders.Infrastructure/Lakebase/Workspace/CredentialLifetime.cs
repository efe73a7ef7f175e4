using System.Globalization;

namespace Orders.Infrastructure.Lakebase.Workspace;

/// <summary>The lifetime of a credential, within what is plausible.</summary>
/// <param name="Duration">Counted from its issue.</param>
/// <param name="IsAssumed">The expiry could not be read, or is in the past.</param>
internal readonly record struct CredentialLifetime(TimeSpan Duration, bool IsAssumed)
{
    /// <summary>The life of Databricks' credentials. A later expiry is cut to it.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    /// <summary>Shorter than the life of any known credential, and long enough to keep requests rare.</summary>
    public static readonly TimeSpan Assumed = TimeSpan.FromMinutes(10);

    /// <param name="expiry">RFC 3339, by the workspace's clock.</param>
    /// <param name="issuedAt">
    /// When it was issued. By the workspace's clock too if the answer has a date, since this machine's may be wrong by hours.
    /// </param>
    public static CredentialLifetime Until(string? expiry, DateTimeOffset issuedAt)
    {
        bool isTime = DateTimeOffset.TryParse(
            expiry, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
            out DateTimeOffset end);
        return isTime && end > issuedAt
            ? new CredentialLifetime(Min(end - issuedAt, Longest), IsAssumed: false)
            : new CredentialLifetime(Assumed, IsAssumed: true);
    }

    private static TimeSpan Min(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
