using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Orders.Client;
using Orders.Tests.Sdk;
using Orders.Tests.Support;

namespace Orders.Tests.SupplyChain;

/// <summary>What <c>docker compose up</c> starts has no more rights than it needs, and no password that anybody could know.</summary>
internal sealed partial class ComposeFileTests
{
    // Debian 12 has version 1 of Compose, which reads the same file.
    private const string Compose = "if ! docker compose version >/dev/null 2>&1; then docker() { [ \"$1\" != compose ] || { shift; docker-compose \"$@\"; return; }; command docker \"$@\"; }; fi\n";

    private static readonly string File = System.IO.File.ReadAllText(Path.Combine(SourceTree.Root, "compose.yaml"));

    private static IEnumerable<string> Services => Service().Matches(File[File.IndexOf("\nservices:\n", StringComparison.Ordinal)..]).Select(match => match.Value);

    /// <summary>Where there are containers, of the images that they need.</summary>
    private static IEnumerable<string> Projects => SampleApi.IsContainer ? [$"orders-compose-{Environment.ProcessId}"] : [];

    [Test]
    public void Every_service_is_read_only_without_capabilities_and_within_limits()
    {
        Assert.That(Services.Count(), Is.EqualTo(5));
        Assert.That(Services.Where(service => !service.Contains("<<: [*hardened, ", StringComparison.Ordinal) || !service.Contains("    mem_limit: ", StringComparison.Ordinal)), Is.Empty);
        Assert.That(Services.Where(service => service.Contains("cap_add", StringComparison.Ordinal)).Select(service => service.Trim().Split(':')[0]), Is.EqualTo(new[] { "passwords" }));
        string hardened = File[File.IndexOf("x-hardened:", StringComparison.Ordinal)..File.IndexOf("x-orders:", StringComparison.Ordinal)];
        foreach (string setting in new[] { "read_only: true", "cap_drop: [ALL]", "no-new-privileges:true", "pids_limit: " })
        {
            Assert.That(hardened, Does.Contain(setting));
        }
    }

    [Test]
    public void The_file_holds_no_password_and_takes_none() => Assert.That(
        PasswordValue().Matches(File).Select(match => match.Value), Is.Empty);

    [Test]
    public void The_API_logs_in_as_a_role_of_its_own_and_ends_up_on_this_machine_alone()
    {
        Assert.That(Services.Single(service => service.TrimStart().StartsWith("api:", StringComparison.Ordinal)), Does.Contain("Username=orders_api;Passfile=").And.Contain("- 127.0.0.1:"));
        Assert.That(Services.Single(service => service.TrimStart().StartsWith("db:", StringComparison.Ordinal)), Does.Not.Contain("ports:"));
    }

    [TestCaseSource(nameof(Projects))]
    public async Task It_starts_and_serves_with_those_rights(string project)
    {
        string port = FreePort();
        (string, string)[] environment = [("COMPOSE_PROJECT_NAME", project), ("ORDERS_PORT", port)];
        using var http = new HttpClient { BaseAddress = new Uri($"http://localhost:{port}") };
        try
        {
            // The images of the services, which would be built else.
            await RunAsync("for service in seed api; do for name in _ -; do docker tag orders $COMPOSE_PROJECT_NAME$name$service; done; done; docker compose up --detach || { docker compose logs; exit 1; }", environment);
            await RunAsync("curl --silent --fail --output /dev/null --retry 60 --retry-all-errors --retry-delay 1 http://localhost:$ORDERS_PORT/health/ready", environment);
            var client = new OrdersClient(http);
            Assert.That((await client.CountOrdersAsync()).Total_orders, Is.EqualTo(15_000));
            await client.UpdateOrderStatusAsync(1, new OrderStatusUpdate { O_orderstatus = OrderStatus.Fulfilled });
            Assert.That((await client.GetOrderAsync(1)).O_orderstatus, Is.EqualTo("F"));

            const string sql =
                "select string_agg(rolname || ' ' || rolsuper || ' ' || (relowner = pg_roles.oid) || ' ' || has_table_privilege(pg_roles.oid, pg_class.oid, 'update, delete, insert, truncate'), ', ' order by rolname)"
                + " from pg_roles, pg_class where rolname like 'orders%' and relname = 'orders_synced'";
            string roles = await RunAsync($"docker compose exec -T db psql --username postgres --no-psqlrc --tuples-only --no-align --command \"{sql}\" orders", environment);
            Assert.That(roles.Trim(), Is.EqualTo("orders_api false false false, orders_owner false true true"));
            string containers = await RunAsync(
                "docker inspect --format '{{.HostConfig.ReadonlyRootfs}} {{.HostConfig.CapDrop}} {{.HostConfig.SecurityOpt}}' $(docker ps --quiet --filter label=com.docker.compose.project=$COMPOSE_PROJECT_NAME)",
                environment);
            Assert.That(containers.Split('\n', StringSplitOptions.RemoveEmptyEntries), Has.Length.EqualTo(2).And.All.EqualTo("true [ALL] [no-new-privileges:true]"));
        }
        finally
        {
            await RunAsync("docker compose down --volumes", environment);
        }
    }

    private static Task<string> RunAsync(string commands, (string, string)[] environment) => Shell.RunAsync(Compose + commands, SourceTree.Root, environment);

    private static string FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>A service with its settings, which are further to the right.</summary>
    [GeneratedRegex("^  [a-z]+:\n(?:(?:    .*|  #.*)?\n)+", RegexOptions.Multiline)]
    private static partial Regex Service();

    [GeneratedRegex("""(?i)password(?:=|: ?["'$\w])""")]
    private static partial Regex PasswordValue();
}
