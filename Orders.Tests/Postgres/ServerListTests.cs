using Npgsql;
using Orders.Application;
using Orders.Infrastructure.Postgres;

namespace Orders.Tests.Postgres;

internal sealed class ServerListTests
{
    [TestCase("Host=a", new[] { "a:5432" })]
    [TestCase("Host=a,b", new[] { "a:5432", "b:5432" })]
    [TestCase("Host=a:1, b:2;Port=3", new[] { "a:1", "b:2" })]
    [TestCase("Host=[::1]:1,::1", new[] { "[::1]:1", "::1:5432" })]
    [TestCase("Host=/run/x:y,/tmp;Port=6", new[] { "/run/x:y:6", "/tmp:6" })]
    public void Each_host_is_an_address_of_its_own(string connectionString, string[] addresses)
    {
        using var list = ServerList.Create(connectionString, null, null, ownsSearchPath: false);
        Assert.That(list.Servers.Select(server => new NpgsqlConnectionStringBuilder(server.Current.ConnectionString)).Select(own => $"{own.Host}:{own.Port}"), Is.EqualTo(addresses));
    }

    [TestCase("Host=a,b", null, null, ReadTarget.Primary)]
    [TestCase("Host=a,b", null, ReadTarget.Balanced, ReadTarget.Balanced)]
    [TestCase("Host=a,b;Target Session Attributes=primary", null, null, ReadTarget.Primary)]
    [TestCase("Host=a;Target Session Attributes=read-write", null, null, ReadTarget.Primary)]
    [TestCase("Host=a,b;Target Session Attributes=primary", null, ReadTarget.PreferStandby, ReadTarget.PreferStandby)]
    [TestCase("Host=a,b;Target Session Attributes=prefer-standby", null, null, ReadTarget.PreferStandby)]
    [TestCase("Host=a,b;Load Balance Hosts=true", null, null, ReadTarget.Balanced)]
    [TestCase("Host=a", "Host=b", null, ReadTarget.PreferStandby)]
    [TestCase("Host=a", "Host=b;Target Session Attributes=standby", ReadTarget.Balanced, ReadTarget.Balanced)]
    public void Reads_go_where_the_settings_say(string connectionString, string? readers, ReadTarget? reads, ReadTarget target)
    {
        using var list = ServerList.Create(connectionString, readers, reads, ownsSearchPath: false);
        Assert.That(list.Reads, Is.EqualTo(target));
    }

    [TestCase("Host=a,b;Target Session Attributes=standby", null, null, "Target Session Attributes=standby")]
    [TestCase("Host=a,b;Target Session Attributes=read-only", null, null, "Target Session Attributes=read-only")]
    [TestCase("Host=a", "Host=b", ReadTarget.Primary, "Orders:Reads is Primary")]
    [TestCase("Host=a", "nonsense", null, "ConnectionStrings:OrdersReads is not a connection string")]
    public void Settings_that_contradict_each_other_are_refused(string connectionString, string? readers, ReadTarget? reads, string sentence) => Assert.That(
        () => ServerList.Create(connectionString, readers, reads, ownsSearchPath: false), Throws.InstanceOf<StartupException>().With.Message.Contains(sentence));

    [TestCase("Host=a,b", 1)]
    [TestCase("Host=a,b;Host Recheck Seconds=5", 5)]
    public void Hosts_are_looked_at_once_a_second_unless_it_is_set(string connectionString, int seconds)
    {
        using var list = ServerList.Create(connectionString, null, null, ownsSearchPath: false);
        Assert.That(list.Recheck, Is.EqualTo(TimeSpan.FromSeconds(seconds)));
    }
}
