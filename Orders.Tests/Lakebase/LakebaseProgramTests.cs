using System.Globalization;
using Orders.Tests.Lakebase.Support;
using Orders.Tests.Support;

namespace Orders.Tests.Lakebase;

/// <summary>The program from outside, with environment variables alone.</summary>
internal sealed class LakebaseProgramTests
{
    private LakebaseStandIn _lakebase = null!;

    [SetUp]
    public async Task SetUpAsync() => _lakebase = await LakebaseStandIn.StartAsync(TimeProvider.System);

    [TearDown]
    public async Task TearDownAsync() => await _lakebase.DisposeAsync();

    [TestCase("Production")]
    [TestCase("Development")]
    public async Task The_recipes_variables_are_enough_and_no_secret_is_logged_at_any_level(string environment)
    {
        using ApiProcess process = ApiProcess.Start(environment, Variables(), "--urls=http://127.0.0.1:0", "--Serilog:MinimumLevel:Default=Verbose", "--Serilog:MinimumLevel:Override:Microsoft=Verbose");
        using var client = new HttpClient { BaseAddress = await process.ListeningAsync() };
        string order = await client.GetStringAsync(new Uri("/api/v1/orders/1", UriKind.Relative));
        Assert.That(order, Does.StartWith("{\"o_orderkey\":1,"));

        // Errors are the chattiest: a refused login, a refused call.
        _lakebase.Revoke();
        _lakebase.Workspace.Failing = new StandInWorkspace.Failure(403, "<pre>no</pre>", "text/html");
        await _lakebase.ExecuteAsync("select pg_terminate_backend(pid) from pg_stat_activity where usename <> 'postgres'");
        using HttpResponseMessage refused = await client.GetAsync(new Uri("/api/v1/orders/1", UriKind.Relative));
        Assert.That((int)refused.StatusCode, Is.EqualTo(503));
        process.Terminate();
        Assert.That(await process.EndAsync(), Is.Zero, process.Errors);

        string logged = process.Output + process.Errors;
        Assert.That(logged, Does.Contain("could not be renewed").And.Contain(_lakebase.Database));
        Assert.That(_lakebase.Workspace.Secrets, Has.Count.GreaterThanOrEqualTo(2));
        foreach (string secret in _lakebase.Workspace.Secrets.Append(StandInWorkspace.ClientSecret))
        {
            Assert.That(logged, Does.Not.Contain(secret));
        }
    }

    [Test]
    public async Task Migrate_works_by_the_same_settings()
    {
        await _lakebase.ExecuteAsync($"drop table orders_synced; grant create on schema public to \"{_lakebase.Role}\"");
        using ApiProcess process = ApiProcess.Start("Production", Variables(), "migrate");
        Assert.That(await process.EndAsync(), Is.Zero, process.Errors);
        Assert.That(await _lakebase.ScalarAsync<long>("select count(*) from orders_synced"), Is.Zero);
    }

    [Test]
    public async Task Contradicting_settings_are_refused_in_one_sentence_without_the_secrets()
    {
        Dictionary<string, string> variables = Variables();
        variables["DATABRICKS_TOKEN"] = StandInWorkspace.PersonalToken;
        using ApiProcess process = ApiProcess.Start("Production", variables);
        Assert.That(await process.EndAsync(), Is.EqualTo(1));
        string errors = process.Errors.Trim();
        Assert.That(errors.Split('\n'), Has.Length.EqualTo(1));
        Assert.That(errors, Does.Contain("Unset DATABRICKS_TOKEN").And.Not.Contain(StandInWorkspace.PersonalToken).And.Not.Contain(StandInWorkspace.ClientSecret));
    }

    [Test]
    public async Task Migrate_says_why_there_is_no_database()
    {
        Dictionary<string, string> variables = Variables();
        variables["DATABRICKS_CLIENT_SECRET"] = "wrong";
        using ApiProcess process = ApiProcess.Start("Production", variables, "migrate");
        Assert.That(await process.EndAsync(), Is.EqualTo(1));
        Assert.That(process.Errors, Does.Contain("client id and secret"));
    }

    /// <summary>As Databricks Apps and the recipe name them.</summary>
    private Dictionary<string, string> Variables() => new()
    {
        ["LAKEBASE_INSTANCE_NAME"] = StandInWorkspace.Instance,
        ["LAKEBASE_DATABASE_NAME"] = _lakebase.Database,
        ["DATABRICKS_HOST"] = _lakebase.Workspace.Url,
        ["DATABRICKS_CLIENT_ID"] = StandInWorkspace.ClientId,
        ["DATABRICKS_CLIENT_SECRET"] = StandInWorkspace.ClientSecret,
        ["DATABRICKS_DATABASE_PORT"] = LakebaseRun.Server.Port.ToString(CultureInfo.InvariantCulture),
        ["DB_POOL_SIZE"] = "3",
        ["DB_MAX_OVERFLOW"] = "2",
        ["PGSSLMODE"] = "require",

        // A table of our own, as the recipe has it.
        ["Orders__StatusChanges"] = "InPlace",
        ["PGSSLROOTCERT"] = LakebaseRun.Server.RootCertificate,
    };
}
