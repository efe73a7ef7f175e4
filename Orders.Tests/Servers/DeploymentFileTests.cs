using System.Diagnostics;
using System.Text.RegularExpressions;
using Orders.Application;
using Orders.Tests.Support;

namespace Orders.Tests.Servers;

/// <summary>The files of <c>deploy/</c> that nothing here can run are at least what they say: their form is read, and their settings exist.</summary>
internal sealed partial class DeploymentFileTests
{
    private static readonly string Deploy = Path.Combine(SourceTree.Root, "deploy");

    private static IEnumerable<string> YamlFiles => [.. Directory.EnumerateFiles(Deploy, "*.y*ml", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(Deploy, file)).Order()];

    [Test]
    public void There_are_files_for_compose_Kubernetes_Patroni_and_Prometheus() =>
        Assert.That(YamlFiles, Is.EqualTo(new[] { "compose.yaml", "kubernetes.yaml", "patroni/patroni.yml", "prometheus/orders.rules.test.yaml", "prometheus/orders.rules.yaml" }));

    [TestCaseSource(nameof(YamlFiles))]
    public async Task A_file_is_YAML(string file) => await ReadAsync("list(yaml.safe_load_all(open(sys.argv[1])))", file);

    [Test]
    public async Task Kubernetes_gives_the_service_the_time_that_it_takes_to_drain()
    {
        const string program =
            """
            d, budget, service = yaml.safe_load_all(open(sys.argv[1]))
            pod = d["spec"]["template"]["spec"]
            container, = pod["containers"]
            settings = {e["name"]: e.get("value") for e in container["env"]}
            labels = d["spec"]["template"]["metadata"]["labels"]
            assert [x["kind"] for x in (d, budget, service)] == ["Deployment", "PodDisruptionBudget", "Service"]
            assert d["spec"]["selector"]["matchLabels"] == labels == budget["spec"]["selector"]["matchLabels"] == service["spec"]["selector"]
            assert budget["spec"]["minAvailable"] < d["spec"]["replicas"]
            assert pod["terminationGracePeriodSeconds"] >= int(settings["Orders__ShutdownDelay"]) + int(settings["Orders__RequestTimeout"]) + 5
            ready = container["readinessProbe"]
            assert int(settings["Orders__ShutdownDelay"]) > ready["periodSeconds"] * ready["failureThreshold"] + ready["timeoutSeconds"]
            assert ready["httpGet"]["path"] == "/health/ready" and container["livenessProbe"]["httpGet"]["path"] == "/health/live"
            assert ready["httpGet"]["port"] == container["ports"][0]["name"] == service["spec"]["ports"][0]["targetPort"]
            """;
        await ReadAsync(program, "kubernetes.yaml");
    }

    [Test]
    public async Task Compose_starts_two_instances_on_a_primary_and_a_standby_with_nothing_undeclared()
    {
        const string program =
            """
            file = yaml.safe_load(open(sys.argv[1]))
            services = file["services"]
            assert {"primary", "standby", "orders-1", "orders-2", "haproxy"} <= set(services)
            for name, service in services.items():
                assert service["read_only"] and service["cap_drop"] == ["ALL"] and service["mem_limit"], name
                assert set(service.get("depends_on", [])) <= set(services), name
                mounts = [volume.split(":")[0] for volume in service.get("volumes", [])]
                assert all(mount in file["volumes"] or mount.startswith("./") for mount in mounts), name
            for instance in ("orders-1", "orders-2"):
                assert services["haproxy"]["environment"]["ORDERS_" + instance[-1]] == instance + ":8000"
            """;
        await ReadAsync(program, "compose.yaml");
    }

    /// <summary>In the README's table of settings, or in what is written of several instances.</summary>
    [Test]
    public void Each_setting_in_the_files_is_documented()
    {
        string documented = File.ReadAllText(Path.Combine(SourceTree.Root, "README.md")) + File.ReadAllText(Path.Combine(SourceTree.Root, "docs", "scale-out.md"));
        string[] files = [.. YamlFiles.Append(Path.Combine("cluster", "parts.py")).Select(file => File.ReadAllText(Path.Combine(Deploy, file)))];
        string[] settings = [.. files.SelectMany(file => Setting().Matches(file)).Select(match => match.Value.Replace("__", ":", StringComparison.Ordinal)).Distinct()];
        Assert.That(settings, Has.Length.GreaterThan(5));
        Assert.That(settings.Where(setting => !documented.Contains(setting, StringComparison.Ordinal)), Is.Empty);
    }

    /// <summary>The tests of the cluster run HAProxy, PgBouncer and Patroni with theirs. Here it is what a copy would start with.</summary>
    [Test]
    public void HAProxy_takes_an_instance_out_before_its_delay_is_over()
    {
        string defaults = File.ReadAllText(Path.Combine(Deploy, "haproxy", "0-defaults.cfg"));
        Assert.That(defaults, Does.Match(@"timeout check 2s").And.Match(@"default-server inter 1s .*fall 1 "));
        Assert.That(OrdersOptions.DefaultShutdownDelay, Is.GreaterThan(TimeSpan.FromSeconds(1 + 2)));
    }

    private static async Task ReadAsync(string program, string file)
    {
        var start = new ProcessStartInfo("/usr/bin/python3", ["-c", $"import sys, yaml\n{program}", Path.Combine(Deploy, file)]) { RedirectStandardError = true };
        using Process python = Process.Start(start)!;
        string errors = await python.StandardError.ReadToEndAsync();
        await python.WaitForExitAsync();
        Assert.That(python.ExitCode, Is.Zero, errors);
    }

    /// <summary>The names that are ours, and of the framework's those that the README has.</summary>
    [GeneratedRegex(@"\b(?:Orders|ConnectionStrings)__\w+")]
    private static partial Regex Setting();
}
