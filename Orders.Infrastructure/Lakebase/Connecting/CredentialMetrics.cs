using System.Diagnostics.Metrics;
using Orders.Application;

namespace Orders.Infrastructure.Lakebase.Connecting;

/// <summary>How old the database password is, and whether it is renewed.</summary>
internal static class CredentialMetrics
{
    private static readonly KeyValuePair<string, object?> Succeeded = new("orders.outcome", "success");
    private static readonly KeyValuePair<string, object?> Failed = new("orders.outcome", "failure");

    private static readonly Observed<DatabaseCredentials> Credentials = new();

    private static readonly Counter<long> Renewals = OrdersTelemetry.Meter.CreateCounter<long>(
        "orders.credential.renewals", "{renewal}", "Requests to the workspace for a new password of the database.");

    private static readonly ObservableGauge<double> Age = OrdersTelemetry.Meter.CreateObservableGauge(
        "orders.credential.age",
        static () => Credentials.All.Select(credentials => credentials.Age).OfType<TimeSpan>()
            .Select(age => new Measurement<double>(age.TotalSeconds)),
        "s", "How old the password of the database is.");

    public static void Observe(DatabaseCredentials credentials) => Credentials.Add(credentials);

    public static void RecordRenewal(bool hasSucceeded) => Renewals.Add(1, hasSucceeded ? Succeeded : Failed);
}
