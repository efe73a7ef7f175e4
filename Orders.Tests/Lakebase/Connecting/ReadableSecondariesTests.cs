using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Orders.Infrastructure.Lakebase.Connecting;
using Orders.Tests.Lakebase.Support;
using Orders.Tests.Support;

namespace Orders.Tests.Lakebase.Connecting;

/// <summary>The host of readable secondaries is found at the workspace, where reads go to standbys.</summary>
internal sealed class ReadableSecondariesTests
{
    private static readonly string[] Provisioned = [];
    private static readonly string[] Autoscaling = ["--Lakebase:InstanceName=", $"--Lakebase:Endpoint={StandInWorkspace.Endpoint}"];

    private LakebaseStandIn _lakebase = null!;

    private static IEnumerable<TestCaseData> Products => [new(Provisioned, "Provisioned"), new(Autoscaling, "Autoscaling")];

    [SetUp]
    public async Task SetUpAsync() => _lakebase = await LakebaseStandIn.StartAsync(TimeProvider.System);

    [TearDown]
    public async Task TearDownAsync() => await _lakebase.DisposeAsync();

    /// <summary>The stand-in's certificate is not that of the name, so the service can't use it. Reads are answered all the same.</summary>
    [TestCaseSource(nameof(Products))]
    public async Task Reads_are_for_them_and_the_primary_answers_while_they_are_away(string[] product, string name)
    {
        _lakebase.Workspace.ReadOnlyHost = "localhost";
        await using RunningApi api = await StartAsync(product, "PreferStandby");
        Assert.That(ReadersOf(api), Is.EqualTo(["localhost"]), name);
        Assert.That((await api.GetAsync("/api/v1/orders/1")).Status, Is.EqualTo(200));
        Assert.That((await api.PostStatusAsync(1, """{"o_orderstatus":"F"}""")).Status, Is.EqualTo(200));
        Assert.That((await api.GetAsync("/api/v1/orders/1")).Json.GetProperty("o_orderstatus").GetString(), Is.EqualTo("F"));
    }

    [TestCaseSource(nameof(Products))]
    public async Task They_are_left_alone_where_reads_go_to_the_primary(string[] product, string name)
    {
        _lakebase.Workspace.ReadOnlyHost = "localhost";
        await using RunningApi api = await StartAsync(product, "Primary");
        Assert.That(ReadersOf(api), Is.Empty, name);
    }

    [TestCaseSource(nameof(Products))]
    public async Task Without_them_reads_go_to_the_primary(string[] product, string name)
    {
        await using RunningApi api = await StartAsync(product, "PreferStandby");
        Assert.That(ReadersOf(api), Is.Empty, name);
        Assert.That((await api.GetAsync("/api/v1/orders/1")).Status, Is.EqualTo(200));
    }

    private Task<RunningApi> StartAsync(string[] product, string reads) =>
        RunningApi.StartAsync(TimeProvider.System, [.. _lakebase.Settings(), .. product, $"--Orders:Reads={reads}"]);

    private static IEnumerable<string?> ReadersOf(RunningApi api) => api.Services.GetRequiredService<LakebaseDatabase>().Servers.Readers
        .Select(reader => new NpgsqlConnectionStringBuilder(reader.Current.ConnectionString).Host);
}
