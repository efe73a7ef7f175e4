using Microsoft.Extensions.Configuration;
using Npgsql;
using Orders.Application;
using Orders.Infrastructure.Lakebase.Connecting;

namespace Orders.Tests.Lakebase.Connecting;

internal sealed class LakebaseOptionsReaderTests
{
    private const string Endpoint = "projects/p/branches/b/endpoints/e";

    private static readonly string[] Principal = ["DATABRICKS_HOST=https://w.example", "DATABRICKS_CLIENT_ID=id", "DATABRICKS_CLIENT_SECRET=hunter2"];

    [Test]
    public void The_variables_of_a_database_client_alone_turn_nothing_on() => Assert.That(
        Read([.. Principal, "PGHOST=h", "PGPORT=1", "PGDATABASE=d", "PGUSER=u", "PGSSLMODE=require", "DB_POOL_SIZE=5", "LAKEBASE_DATABASE_NAME=d"]),
        Is.Null);

    [TestCase("Lakebase:Endpoint=" + Endpoint)]
    [TestCase("LAKEBASE_ENDPOINT=" + Endpoint)]
    public void The_name_of_an_endpoint_connects_to_Autoscaling(string setting) =>
        Assert.That(Read([.. Principal, setting])!.Server, Is.TypeOf<AutoscalingEndpoint>());

    [TestCase("Lakebase:InstanceName=one")]
    [TestCase("LAKEBASE_INSTANCE_NAME=one")]
    public void The_name_of_an_instance_connects_to_Provisioned(string setting) =>
        Assert.That(Read([.. Principal, setting])!.Server, Is.TypeOf<ProvisionedInstance>());

    [Test]
    public void The_variables_of_Databricks_Apps_and_of_the_recipe_are_read_as_they_are()
    {
        LakebaseOptions options = Read(
        [
            "LAKEBASE_INSTANCE_NAME=one", "DATABRICKS_HOST=adb-1.7.example", "DATABRICKS_CLIENT_ID=id", "DATABRICKS_CLIENT_SECRET=hunter2",
            "LAKEBASE_DATABASE_NAME=orders", "LAKEBASE_CATALOG_NAME=main", "DATABRICKS_DATABASE_PORT=5433",
            "PGHOST=db.example", "PGPORT=1", "PGDATABASE=other", "PGUSER=role", "PGAPPNAME=app", "PGSSLMODE=require",
            "DB_POOL_SIZE=7", "DB_MAX_OVERFLOW=3", "DB_POOL_TIMEOUT=11", "DB_COMMAND_TIMEOUT=31", "DB_POOL_RECYCLE_INTERVAL=1800",
        ])!;
        Assert.That(options.Workspace, Is.EqualTo(new Uri("https://adb-1.7.example")));
        Assert.That((options.Host, options.Port, options.Database, options.User), Is.EqualTo(("db.example", 5433, "orders", "role")));
        Assert.That(options.SyncedTable, Is.EqualTo("main.public.orders_synced"));

        NpgsqlConnectionStringBuilder connection = LakebaseConnectionString.Read(null, options);
        Assert.That((connection.MaxPoolSize, connection.Timeout, connection.CommandTimeout), Is.EqualTo((10, 11, 31)));
        Assert.That((connection.ConnectionLifetime, connection.ApplicationName, connection.SslMode), Is.EqualTo((1800, "app", SslMode.VerifyFull)));
    }

    [Test]
    public void What_is_left_open_is_looked_up_or_has_a_default()
    {
        LakebaseOptions options = Read(["Lakebase:Endpoint=" + Endpoint, "Lakebase:WorkspaceHost=w.example", "Lakebase:Token=hunter2"])!;
        Assert.That((options.Host, options.User, options.SyncedTable), Is.EqualTo(((string?)null, (string?)null, (string?)null)));
        Assert.That((options.Port, options.Database), Is.EqualTo((5432, "databricks_postgres")));
    }

    [Test]
    public void Our_own_names_count_before_the_variables()
    {
        LakebaseOptions options = Read([.. Principal, "Lakebase:InstanceName=one", "Lakebase:ClientId=ours", "Lakebase:Host=ours.example", "PGHOST=theirs.example"])!;
        Assert.That((options.Login.ClientId, options.User, options.Host), Is.EqualTo(("ours", "ours", "ours.example")));
    }

    [Test]
    public void Two_ways_to_sign_in_are_refused_with_what_to_unset()
    {
        StartupException refusal = Refuse([.. Principal, "LAKEBASE_INSTANCE_NAME=one", "Lakebase:Token=hunter3"]);
        Assert.That(refusal.Message, Does.Contain("Unset Lakebase__Token").And.Contain("unset DATABRICKS_CLIENT_ID and DATABRICKS_CLIENT_SECRET"));
    }

    [TestCase("Lakebase:Endpoint=projects/p/branches/b", "Lakebase__Endpoint", "projects/orders/")]
    [TestCase("Lakebase:Endpoint=projects/../branches/../endpoints/x", "Lakebase__Endpoint", "projects/orders/")]
    [TestCase("Lakebase:Endpoint=projects/p/branches/./endpoints/x", "Lakebase__Endpoint", "projects/orders/")]
    [TestCase("LAKEBASE_CATALOG_NAME=a.b", "LAKEBASE_CATALOG_NAME", "without a dot")]
    [TestCase("LAKEBASE_INSTANCE_NAME=a/b", "LAKEBASE_INSTANCE_NAME", "hyphens")]
    [TestCase("DATABRICKS_HOST=http://w.example", "DATABRICKS_HOST", "https://")]
    [TestCase("DATABRICKS_HOST=https://w.example/path", "DATABRICKS_HOST", "host name alone")]
    [TestCase("DATABRICKS_CLIENT_SECRET=", "DATABRICKS_CLIENT_ID", "without its secret")]
    [TestCase("DATABRICKS_CLIENT_ID=", "DATABRICKS_CLIENT_SECRET", "without its client id")]
    [TestCase("DATABRICKS_HOST=", "DATABRICKS_HOST", "not its workspace")]
    [TestCase("PGPORT=many", "PGPORT", "from 1 to 65535")]
    [TestCase("DB_POOL_SIZE=0", "DB_POOL_SIZE", "from 1")]
    [TestCase("Lakebase:SyncedTable=orders_synced", "Lakebase__SyncedTable", "catalog.schema.table")]
    [TestCase("DATABRICKS_CLIENT_SECRET=hunter2\nhunter3", "DATABRICKS_CLIENT_SECRET", "Copy it anew")]
    public void A_setting_that_can_not_be_is_refused_by_name(string setting, string name, string hint)
    {
        string[] target = setting.StartsWith("Lakebase:Endpoint", StringComparison.Ordinal) ? [] : ["LAKEBASE_INSTANCE_NAME=one"];
        Assert.That(Refuse([.. Principal, .. target, setting]).Message, Does.Contain(name).And.Contain(hint));
    }

    [TestCase("hunter2\nhunter3")]
    [TestCase("hunter2 hunter3")]
    [TestCase("hünter")]
    public void A_token_that_no_header_can_carry_is_refused_by_name(string token) => Assert.That(
        Refuse(["DATABRICKS_HOST=w.example", "LAKEBASE_INSTANCE_NAME=one", $"DATABRICKS_TOKEN={token}"]).Message,
        Does.Contain("DATABRICKS_TOKEN").And.Contain("Copy it anew").And.Not.Contain("nter"));

    [Test]
    public void Two_servers_are_refused() => Assert.That(
        Refuse([.. Principal, "LAKEBASE_INSTANCE_NAME=one", "Lakebase:Endpoint=" + Endpoint]).Message,
        Does.Contain("Lakebase__Endpoint").And.Contain("LAKEBASE_INSTANCE_NAME"));

    [Test]
    public void A_server_without_a_sign_in_is_refused() => Assert.That(
        Refuse(["DATABRICKS_HOST=w.example", "LAKEBASE_INSTANCE_NAME=one"]).Message, Does.Contain("DATABRICKS_CLIENT_ID").And.Contain("DATABRICKS_TOKEN"));

    [TestCase("Host=elsewhere", "Host")]
    [TestCase("Password=hunter4", "Password")]
    [TestCase("Username=me;Search Path=a", "Username")]
    public void A_connection_string_that_says_where_or_as_whom_is_refused_beside_Lakebase(string connectionString, string keyword)
    {
        LakebaseOptions options = Read([.. Principal, "LAKEBASE_INSTANCE_NAME=one"])!;
        StartupException refusal = Assert.Throws<StartupException>(() => LakebaseConnectionString.Read(connectionString, options))!;
        Assert.That(refusal.Message, Does.Contain(keyword).And.Contain("Lakebase:InstanceName").And.Not.Contain("hunter"));
    }

    [Test]
    public void Options_of_the_connection_string_count_before_the_variables()
    {
        LakebaseOptions options = Read([.. Principal, "LAKEBASE_INSTANCE_NAME=one", "DB_POOL_SIZE=7", "DB_COMMAND_TIMEOUT=31"])!;
        NpgsqlConnectionStringBuilder connection = LakebaseConnectionString.Read("Search Path=a;Maximum Pool Size=2;SSL Mode=VerifyCA", options);
        Assert.That((connection.SearchPath, connection.MaxPoolSize, connection.CommandTimeout, connection.SslMode), Is.EqualTo(("a", 2, 31, SslMode.VerifyCA)));
    }

    [TestCase("Disable")]
    [TestCase("Prefer")]
    public void A_connection_that_may_be_in_the_clear_is_refused(string mode)
    {
        LakebaseOptions options = Read([.. Principal, "LAKEBASE_INSTANCE_NAME=one"])!;
        Assert.That(() => LakebaseConnectionString.Read($"SSL Mode={mode}", options), Throws.TypeOf<StartupException>().With.Message.Contains("VerifyFull"));
    }

    [TestCase("Maximum Pool Size=0", "Maximum Pool Size")]
    [TestCase("Minimum Pool Size=50", "Minimum Pool Size")]
    [TestCase("Minimum Pool Size=10;Maximum Pool Size=5", "DB_POOL_SIZE")]
    [TestCase("Multiplexing=true;Pooling=false", "not together")]
    public void Options_that_can_not_be_used_are_refused_at_the_start(string connectionString, string words)
    {
        LakebaseOptions options = Read([.. Principal, "LAKEBASE_INSTANCE_NAME=one"])!;
        Assert.That(() => LakebaseConnectionString.Read(connectionString, options), Throws.TypeOf<StartupException>().With.Message.Contains(words));
    }

    [Test]
    public void Nothing_that_prints_the_settings_prints_a_secret()
    {
        LakebaseOptions options = Read([.. Principal, "LAKEBASE_INSTANCE_NAME=one"])!;
        Assert.That($"{options} {options.Login} {options.Login.Secret}", Does.Contain("(secret)").And.Not.Contain("hunter"));
    }

    private static StartupException Refuse(string[] settings)
    {
        StartupException refusal = Assert.Throws<StartupException>(() => Read(settings))!;
        Assert.That(refusal.Message, Does.Not.Contain("hunter"));
        return refusal;
    }

    /// <summary>A later setting takes the place of an earlier one of the same name.</summary>
    private static LakebaseOptions? Read(string[] settings)
    {
        var values = new Dictionary<string, string?>();
        foreach (string setting in settings)
        {
            values[setting.Split('=', 2)[0]] = setting.Split('=', 2)[1];
        }

        return LakebaseOptionsReader.Read(new ConfigurationBuilder().AddInMemoryCollection(values).Build());
    }
}
