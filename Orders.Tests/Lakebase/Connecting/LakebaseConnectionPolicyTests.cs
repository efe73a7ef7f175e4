using System.Net;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Orders.Infrastructure.Lakebase;
using Orders.Infrastructure.Lakebase.Connecting;
using Orders.Infrastructure.Lakebase.Workspace;
using Orders.Infrastructure.Postgres;
using Orders.Tests.Lakebase.Support;

namespace Orders.Tests.Lakebase.Connecting;

/// <summary>What a refused password is taken for: revoked, until a new one is refused as well.</summary>
internal sealed class LakebaseConnectionPolicyTests
{
    private static readonly PostgresException Refused = new("password authentication failed", "FATAL", "FATAL", PostgresErrorCodes.InvalidPassword);

    private SteppedTime _time = null!;
    private ServiceProvider _services = null!;

    private ConnectionPolicy Policy => _services.GetRequiredService<ConnectionPolicy>();

    private DatabaseCredentials Credentials => _services.GetRequiredService<DatabaseCredentials>();

    [SetUp]
    public void SetUp()
    {
        _time = new SteppedTime();
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton<TimeProvider>(_time);
        IConfiguration settings = new ConfigurationBuilder().AddInMemoryCollection(ResourcesRun.Settings(LakebaseProduct.Provisioned, "https://w.example")).Build();
        services.AddLakebase(LakebaseOptionsReader.Read(settings)!, null, null, TimeSpan.FromSeconds(10));
        _services = services.BuildServiceProvider();
        Issue();
    }

    [TearDown]
    public async Task TearDownAsync() => await _services.DisposeAsync();

    [Test]
    public async Task A_new_one_that_is_on_its_way_is_waited_for()
    {
        Task<bool> renewal = Credentials.RenewAsync(1, CancellationToken.None);
        AssertTaken(isPassing: true, "a new one is being asked for");
        Credentials.Begin();
        AssertTaken(isPassing: true, "a new one is being asked for");
        Issue();
        Assert.That(await renewal, Is.True);
    }

    [Test]
    public async Task A_workspace_that_does_not_give_one_is_waited_for_only_while_it_is_asked_and_may_yet()
    {
        Task<bool> renewal = Credentials.RenewAsync(1, CancellationToken.None);
        Credentials.Fail(new DatabricksException(null, DatabricksException.TimedOut, ""));
        Assert.That(await renewal, Is.False);
        Credentials.Begin();
        AssertTaken(isPassing: true, "did not answer in time");
        Credentials.Fail(new DatabricksException(null, DatabricksException.TimedOut, ""));
        AssertTaken(isPassing: false, "did not answer in time");
        Credentials.Fail(new DatabricksException(HttpStatusCode.Forbidden, "PERMISSION_DENIED", ""));
        Credentials.Begin();
        AssertTaken(isPassing: false, "PERMISSION_DENIED");
    }

    [Test]
    public async Task The_role_is_blamed_when_the_new_one_is_refused_as_well()
    {
        Task<bool> renewal = Credentials.RenewAsync(1, CancellationToken.None);
        Credentials.Begin();
        Issue();
        Assert.That(await renewal, Is.True);
        Assert.That(await Credentials.RenewAsync(2, CancellationToken.None), Is.False);
        AssertTaken(isPassing: false, "the role of this service is missing there");
    }

    private void AssertTaken(bool isPassing, string reason)
    {
        Assert.That(Policy.IsTransient(Refused), Is.EqualTo(isPassing));
        Assert.That(Policy.Unavailable(Refused).Message, Does.Contain(reason));
    }

    private void Issue() => Credentials.Succeed(
        new DatabaseCredential(new Secret("password"), new CredentialLifetime(TimeSpan.FromHours(1), IsAssumed: false)), _time.GetTimestamp());
}
