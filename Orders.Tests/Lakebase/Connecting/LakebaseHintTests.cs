using Orders.Tests.Lakebase.Support;
using Orders.Tests.Support;

namespace Orders.Tests.Lakebase.Connecting;

/// <summary>What is missing on Lakebase, in words that name the hint.</summary>
internal sealed class LakebaseHintTests
{
    private const string Role = $"\"{StandInWorkspace.ClientId}\"";

    private static readonly string[] WithToken = ["--Lakebase:ClientId=", "--Lakebase:ClientSecret=", $"--Lakebase:Token={StandInWorkspace.PersonalToken}"];

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

    [TestCase($"revoke select on orders_synced from {Role}", $"grant select on public.orders_synced to {Role};")]
    [TestCase($"revoke update on orders_synced from {Role}", $"grant update (o_orderstatus) on public.orders_synced to {Role};")]
    [TestCase("revoke usage on schema public from public", $"grant usage on schema public to {Role};")]
    public async Task A_right_that_is_missing_is_named_with_the_statement_that_gives_it(string revoke, string grant)
    {
        await _lakebase.ExecuteAsync(revoke);
        string detail = await UnreadyAsync();
        Assert.That(detail, Does.Contain(grant));

        // And the statement does.
        await _lakebase.ExecuteAsync(grant);
        await using RunningApi api = await RunningApi.StartAsync(_time, _lakebase.Settings());
        Assert.That((await api.GetAsync("/health/ready")).Status, Is.EqualTo(200));
    }

    [Test]
    public async Task The_right_to_connect_is_named()
    {
        string grant = $"grant connect on database \"{_lakebase.Database}\" to {Role};";
        await _lakebase.ExecuteAsync($"revoke connect on database {_lakebase.Database} from public");
        Assert.That(await UnreadyAsync(), Does.Contain(grant));
        Assert.That(await UnreadyAsync(WithToken), Does.Contain(grant));
    }

    [Test]
    public async Task The_role_of_who_owns_a_token_is_named_as_the_workspace_names_it()
    {
        _lakebase.PasswordsCount = false;
        Assert.That(await UnreadyAsync(WithToken), Does.Contain($"databricks_create_role('{StandInWorkspace.ClientId}', 'SERVICE_PRINCIPAL')"));
        _lakebase.Workspace.UserName = "o'hara@example.com";
        Assert.That(await UnreadyAsync(WithToken), Does.Contain("databricks_create_role('o''hara@example.com', 'USER')"));
    }

    [Test]
    public async Task A_role_that_is_refused_with_a_new_credential_is_to_be_made_anew_and_credentials_are_not_asked_for_in_a_hurry()
    {
        await using RunningApi api = await RunningApi.StartAsync(_time, _lakebase.Settings("Pooling=false"));
        await _time.WaitForTimerAsync(TimeSpan.FromMinutes(20));
        _lakebase.PasswordsCount = false;
        _lakebase.Revoke();
        for (int i = 0; i < 20; i++)
        {
            RunningApi.Answer answer = await api.GetAsync("/api/v1/orders/1");
            Assert.That(answer.Status, Is.EqualTo(503), answer.Body);
            Assert.That(answer.Detail, Does.Contain("role").And.Not.Contain(StandInWorkspace.ClientId).And.Not.Contain("select"));
        }

        Assert.That((await api.GetAsync("/health/ready")).Detail, Does.Contain("role").And.Not.Contain(StandInWorkspace.ClientId).And.Not.Contain("select"));
        Assert.That((await api.GetAsOperatorAsync("/health/ready")).Detail, Does.Contain($"databricks_create_role('{StandInWorkspace.ClientId}', 'SERVICE_PRINCIPAL')"));
        Assert.That(_lakebase.Workspace.Credentials, Is.EqualTo(2));
    }

    [Test]
    public async Task A_database_that_does_not_exist_is_named_by_its_setting() =>
        Assert.That(await UnreadyAsync("--Lakebase:Database=no_such_database"), Does.Contain("Lakebase:Database"));

    [TestCase("SYNCED_TABLE_PROVISIONING_INITIAL_SNAPSHOT", "not online yet (SYNCED_TABLE_PROVISIONING_INITIAL_SNAPSHOT)")]
    [TestCase("SYNCED_TABLE_OFFLINE_FAILED", "not online (SYNCED_TABLE_OFFLINE_FAILED): look at its pipeline")]
    [TestCase("SYNCED_TABLE_ONLINE_NO_PENDING_UPDATE", "set Search Path")]
    [TestCase(null, "create it first")]
    public async Task A_synced_table_that_is_not_there_is_told_by_its_state(string? state, string words)
    {
        await _lakebase.ExecuteAsync("drop table orders_synced");
        _lakebase.Workspace.TableState = state;
        Assert.That(await UnreadyAsync("--Lakebase:SyncedTable=main.public.orders_synced"), Does.Contain(words));
        string[] autoscaling = ["--Lakebase:InstanceName=", $"--Lakebase:Endpoint={StandInWorkspace.Endpoint}", "--LAKEBASE_CATALOG_NAME=main"];
        Assert.That(await UnreadyAsync(autoscaling), Does.Contain(words));
    }

    [Test]
    public async Task A_table_that_is_not_there_is_told_without_its_state_where_nothing_names_it()
    {
        await _lakebase.ExecuteAsync("drop table orders_synced");
        Assert.That(await UnreadyAsync(), Does.Contain("Lakebase:SyncedTable"));
    }

    private async Task<string> UnreadyAsync(params string[] settings)
    {
        await using RunningApi api = await RunningApi.StartAsync(_time, [.. _lakebase.Settings(), .. settings]);
        RunningApi.Answer answer = await api.GetAsync("/health/ready");
        Assert.That((answer.Status, answer.Code), Is.EqualTo((503, "database_unavailable")));
        Assert.That(answer.Detail, Does.Not.Contain("127.0.0.1").And.Not.Contain("grant").And.Not.Contain("select").And.Not.Contain(StandInWorkspace.ClientId));
        return (await api.GetAsOperatorAsync("/health/ready")).Detail;
    }
}
