using System.Globalization;
using Orders.Infrastructure.Lakebase.Workspace;

namespace Orders.Tests.Lakebase.Workspace;

internal sealed class CredentialLifetimeTests
{
    [TestCase("2026-11-02T10:00:00Z", 60, false)]
    [TestCase("2026-11-02T11:30:00+02:00", 30, false)]
    [TestCase("2026-11-02T09:59:59.123456Z", 59, false, Description = "fractions of a second")]
    [TestCase("2026-11-02T23:00:00Z", 60, false, Description = "later than any credential lasts")]
    [TestCase("2026-11-02T08:00:00Z", 10, true, Description = "ended before it began")]
    [TestCase("2026-11-02T09:00:00Z", 10, true)]
    [TestCase("soon", 10, true)]
    [TestCase("", 10, true)]
    [TestCase(null, 10, true)]
    public void An_end_is_believed_only_as_far_as_it_can_be(string? expiry, int minutes, bool isAssumed)
    {
        var issuedAt = DateTimeOffset.Parse("2026-11-02T09:00:00Z", CultureInfo.InvariantCulture);
        CredentialLifetime lifetime = CredentialLifetime.Until(expiry, issuedAt);
        Assert.That(((int)lifetime.Duration.TotalMinutes, lifetime.IsAssumed), Is.EqualTo((minutes, isAssumed)));
    }
}
