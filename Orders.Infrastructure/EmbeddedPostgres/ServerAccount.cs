using Orders.Application;

namespace Orders.Infrastructure.EmbeddedPostgres;

/// <summary>
/// The account that the server runs as: this process's own, or another one when this process runs as root, because PostgreSQL refuses to
/// run as root.
/// </summary>
/// <param name="Other">The name of the other account; null for this process's own.</param>
/// <param name="Switch">The prefix that runs a command as the other account; empty for this process's own.</param>
internal sealed record ServerAccount(string? Other, IReadOnlyList<string> Switch)
{
    /// <summary>The account that PostgreSQL's packages create, and one that every system has.</summary>
    private static readonly string[] Usual = ["postgres", "nobody"];

    public string Name => Other ?? Environment.UserName;

    /// <param name="runAs">The account for root to use; null or blank for one of the usual ones.</param>
    /// <param name="cancellationToken">The caller's token.</param>
    /// <exception cref="StartupException">There is no such account, or root can't switch to it.</exception>
    public static async Task<ServerAccount> FindAsync(string? runAs, CancellationToken cancellationToken)
    {
        if (!Environment.IsPrivilegedProcess || OperatingSystem.IsWindows())
        {
            return new ServerAccount(null, []);
        }

        foreach (string name in string.IsNullOrWhiteSpace(runAs) ? Usual : [runAs])
        {
            Tool.Result user = await Tool.RunAsync(["id", "-u", "--", name], cancellationToken);
            if (user.ExitCode == 0 && user.Output != "0")
            {
                Tool.Result group = await Tool.RunAsync(["id", "-g", "--", name], cancellationToken);
                return await SwitchToAsync(name, user.Output, group.Output, cancellationToken);
            }
        }

        string accounts = string.IsNullOrWhiteSpace(runAs) ? string.Join("' or '", Usual) : runAs;
        throw new StartupException(
            $"PostgreSQL does not run as root, and there is no other account '{accounts}' to run it as. " +
            "Set EmbeddedPostgres:RunAs to an account that exists and is not root.");
    }

    /// <summary>The command line that runs a command as this account.</summary>
    public IReadOnlyList<string> Command(params string[] command) => [.. Switch, .. command];

    /// <summary>
    /// Finds a program that changes the account and then executes the command, without a session or a shell in between. Machines have
    /// different ones (util-linux, an older util-linux, macOS) and containers allow different ones, so the first that works is used. This
    /// process can't change the account itself: that takes native code between fork and exec, which .NET does not offer.
    /// </summary>
    private static async Task<ServerAccount> SwitchToAsync(string name, string user, string group, CancellationToken cancellationToken)
    {
        // By number, because the group may have another name than the account (on Debian, nobody is in nogroup).
        string[][] switches =
        [
            ["setpriv", $"--reuid={user}", $"--regid={group}", "--init-groups"],
            ["runuser", "-u", name, "--"],
            ["sudo", "-n", "-u", name, "--"],
        ];
        var reasons = new List<string>();
        foreach (string[] candidate in switches)
        {
            Tool.Result result = await Tool.RunAsync([.. candidate, "id", "-u"], cancellationToken);
            if (result.ExitCode == 0 && result.Output == user)
            {
                return new ServerAccount(name, candidate);
            }

            reasons.Add($"{candidate[0]}: {result.Output.ReplaceLineEndings(" ")}");
        }

        throw new StartupException(
            $"PostgreSQL does not run as root, and root can't run it as '{name}' here ({string.Join("; ", reasons)}). " +
            "Start the service as an ordinary user, or set ConnectionStrings__Orders to an existing database.");
    }
}
