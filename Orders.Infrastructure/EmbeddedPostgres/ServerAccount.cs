using Orders.Application;

namespace Orders.Infrastructure.EmbeddedPostgres;

/// <summary>The account that the server runs as: this process's own, or another one when that is root, as which PostgreSQL refuses to run.</summary>
/// <param name="Other">Null for this process's own.</param>
/// <param name="Switch">The start of a command line that runs the rest as that account; empty for this process's own.</param>
internal sealed record ServerAccount(string? Other, IReadOnlyList<string> Switch)
{
    /// <summary>The account that PostgreSQL's packages make, and the one that every system has.</summary>
    private static readonly string[] Usual = ["postgres", "nobody"];

    public string Name => Other ?? Environment.UserName;

    /// <exception cref="StartupException">The account of the settings does not exist, or root may not become it.</exception>
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
            $"PostgreSQL does not run as root, and there is no other account '{accounts}' to run it as. Set EmbeddedPostgres:RunAs to one that exists and is not root.");
    }

    /// <summary>The command as that account.</summary>
    public IReadOnlyList<string> Command(params string[] command) => [.. Switch, .. command];

    /// <summary>
    /// Programs that change the account and then become the command, with no session and no shell between. What the machine has
    /// differs (util-linux, an older one, macOS), and so does what a container allows: the first that does it is taken. Changing the
    /// account in this process would need native code between fork and exec, which .NET has no place for.
    /// </summary>
    private static async Task<ServerAccount> SwitchToAsync(string name, string user, string group, CancellationToken cancellationToken)
    {
        // Group by number: it need not have the account's name (nobody is in nogroup on Debian).
        string[][] switches =
        [
            ["setpriv", $"--reuid={user}", $"--regid={group}", "--init-groups"],
            ["runuser", "-u", name, "--"],
            ["sudo", "-n", "-u", name, "--"],
        ];
        var reasons = new List<string>();
        foreach (string[] candidate in switches)
        {
            Tool.Result became = await Tool.RunAsync([.. candidate, "id", "-u"], cancellationToken);
            if (became.ExitCode == 0 && became.Output == user)
            {
                return new ServerAccount(name, candidate);
            }

            reasons.Add($"{candidate[0]}: {became.Output.ReplaceLineEndings(" ")}");
        }

        throw new StartupException(
            $"PostgreSQL does not run as root, and root can't run it as '{name}' here ({string.Join("; ", reasons)}). Start the service as an ordinary user, or set ConnectionStrings__Orders to a database that there is.");
    }
}
