using Orders.Tests.Lakebase.Support;
using Orders.Tests.Support;

namespace Orders.Tests.Lakebase.Connecting;

/// <summary>A server that is not known to be the one that was meant gets no password.</summary>
internal sealed class ServerCertificateTests
{
    private SteppedTime _time = null!;
    private LakebaseStandIn _lakebase = null!;

    [SetUp]
    public async Task SetUpAsync()
    {
        _time = new SteppedTime();
        _lakebase = await LakebaseStandIn.StartAsync(_time);
    }

    [TearDown]
    public async Task TearDownAsync() => await _lakebase.DisposeAsync();

    [Test]
    public async Task A_certificate_of_another_authority_is_refused_and_said_to_be()
    {
        using var folder = new TestFolder();
        using var other = new PrivateAuthority();
        string file = Path.Combine(Path.GetDirectoryName(folder.Data)!, "other.crt");
        await File.WriteAllTextAsync(file, other.Pem);
        await using RunningApi api = await RunningApi.StartAsync(_time, [.. _lakebase.Settings(), $"--ConnectionStrings:Orders=Root Certificate={file}"]);
        LakebaseStandIn.AssertUnavailable(await api.GetAsync("/health/ready"), "certificate is not trusted");
        LakebaseStandIn.AssertUnavailable(await api.GetAsync("/api/v1/orders/1"), "certificate is not trusted");
    }

    [Test]
    public async Task A_certificate_that_only_the_system_could_trust_is_refused()
    {
        await using RunningApi api = await RunningApi.StartAsync(_time, [.. _lakebase.Settings(), "--ConnectionStrings:Orders="]);
        LakebaseStandIn.AssertUnavailable(await api.GetAsync("/health/ready"), "certificate is not trusted");
    }

    [TestCase("Root Certificate", null)]
    [TestCase("Root Certificate", "")]
    [TestCase("Root Certificate", "no certificate")]
    [TestCase("Root Certificate", "-----BEGIN CERTIFICATE-----\nbm8=\n-----END CERTIFICATE-----\n")]
    [TestCase("SSL Certificate", null)]
    [TestCase("SSL Certificate", "")]
    [TestCase("SSL Certificate", "no certificate")]
    public async Task A_file_without_a_certificate_is_named_by_its_setting_and_not_waited_for(string setting, string? content)
    {
        using var folder = new TestFolder();
        string file = Path.Combine(Path.GetDirectoryName(folder.Data)!, "authority.crt");
        if (content is not null)
        {
            await File.WriteAllTextAsync(file, content);
        }

        await using RunningApi api = await RunningApi.StartAsync(_time, _lakebase.Settings($"{setting}={file}"));

        // The clock stands still: who waited would wait for ever.
        RunningApi.Answer answer = await api.GetAsync("/api/v1/orders/1");
        LakebaseStandIn.AssertUnavailable(answer, setting);
        LakebaseStandIn.AssertUnavailable(await api.GetAsync("/health/ready"), setting);
        Assert.That(answer.Detail, Does.Not.Contain(file));
    }

    [Test]
    public async Task A_certificate_for_another_host_is_refused()
    {
        _lakebase.Workspace.DatabaseHost = "localhost";
        await using RunningApi api = await RunningApi.StartAsync(_time, _lakebase.Settings());
        LakebaseStandIn.AssertUnavailable(await api.GetAsync("/health/ready"), "for another host");
    }
}
