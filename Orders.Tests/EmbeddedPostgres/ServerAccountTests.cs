using Orders.Application;
using Orders.Infrastructure.EmbeddedPostgres;

namespace Orders.Tests.EmbeddedPostgres;

internal sealed class ServerAccountTests
{
    [Test]
    public async Task Root_runs_the_server_as_another_account_and_other_users_run_it_as_their_own()
    {
        ServerAccount account = await ServerAccount.FindAsync(null, CancellationToken.None);
        Tool.Result user = await Tool.RunAsync(account.Command("id", "-un"), CancellationToken.None);
        Assert.That((user.ExitCode, user.Output), Is.EqualTo((0, account.Name)));
        Assert.That(user.Output, Is.Not.EqualTo("root"));
        Assert.That(account.Other is not null, Is.EqualTo(Environment.IsPrivilegedProcess));
    }

    [TestCase("no-such-account")]
    [TestCase("root")]
    public async Task The_message_to_root_names_an_account_that_can_not_run_the_server(string name)
    {
        if (Environment.IsPrivilegedProcess)
        {
            Assert.That(
                async () => await ServerAccount.FindAsync(name, CancellationToken.None),
                Throws.InstanceOf<StartupException>().With.Message.Contains($"'{name}'").And.Message.Contains("EmbeddedPostgres:RunAs"));
        }
        else
        {
            Assert.That((await ServerAccount.FindAsync(name, CancellationToken.None)).Other, Is.Null);
        }
    }
}
