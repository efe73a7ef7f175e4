using System.Diagnostics.Metrics;
using Npgsql;
using Orders.Application;

namespace Orders.Infrastructure.Postgres;

/// <summary>Whether the hosts are there, and how far standbys are behind. The driver itself tells of its pools.</summary>
internal static class DatabaseMetrics
{
    private static readonly Observed<DatabaseServers> Servers = new();

    private static readonly Counter<long> PrimaryReads = OrdersTelemetry.Meter.CreateCounter<long>(
        "orders.consistency.primary_reads", "{read}", "Reads that went to the primary, as the standby did not show yet what they ask for.");

    private static readonly ObservableGauge<int> States = OrdersTelemetry.Meter.CreateObservableGauge(
        "orders.circuit_breaker.state", ReadStates, unit: null, "1 for the state that the circuit to a host of the database is in.");

    private static readonly ObservableGauge<long> Lag = OrdersTelemetry.Meter.CreateObservableGauge(
        "orders.standby.lag", ReadLag, "By", "How much of the primary's log a standby had not replayed when both were looked at.");

    public static void Observe(DatabaseServers servers) => Servers.Add(servers);

    public static void RecordPrimaryRead() => PrimaryReads.Add(1);

    private static IEnumerable<Measurement<int>> ReadStates()
    {
        foreach (DatabaseHost host in Servers.All.SelectMany(servers => servers.Hosts))
        {
            CircuitState current = host.Circuit;
            yield return new Measurement<int>(current == CircuitState.Closed ? 1 : 0, [.. Address(host), State("closed")]);
            yield return new Measurement<int>(current == CircuitState.HalfOpen ? 1 : 0, [.. Address(host), State("half_open")]);
            yield return new Measurement<int>(current == CircuitState.Open ? 1 : 0, [.. Address(host), State("open")]);
        }
    }

    private static IEnumerable<Measurement<long>> ReadLag() =>
        from servers in Servers.All
        where servers.Hosts.Count > 1
        let written = servers.Main.Written
        where written is not null
        from host in servers.Hosts
        where host.Replayed is not null
        select new Measurement<long>((long)(written.Lsn > host.Replayed ? written.Lsn - host.Replayed.Value : 0), Address(host));

    private static KeyValuePair<string, object?>[] Address(DatabaseHost host)
    {
        NpgsqlConnectionStringBuilder settings = new(host.DataSource.Current.ConnectionString);
        return [new("server.address", settings.Host), new("server.port", settings.Port)];
    }

    private static KeyValuePair<string, object?> State(string state) => new("state", state);
}
