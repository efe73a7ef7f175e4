using System.Text.RegularExpressions;

namespace Orders.Infrastructure.EmbeddedPostgres;

/// <summary>The command that installs PostgreSQL on this system, for a message to the user.</summary>
internal static partial class InstallCommand
{
    public static string ForThisSystem() => OperatingSystem.IsMacOS()
        ? "brew install postgresql@17"
        : ForRelease(
            File.Exists("/etc/os-release") ? File.ReadAllText("/etc/os-release") : "",
            Environment.IsPrivilegedProcess ? "" : "sudo ");

    /// <param name="release">The contents of <c>/etc/os-release</c>.</param>
    /// <param name="sudo">The prefix that runs a command as root; empty for root itself.</param>
    public static string ForRelease(string release, string sudo) => release switch
    {
        _ when Debian().IsMatch(release) => $"{sudo}apt-get install postgresql",
        _ when Fedora().IsMatch(release) => $"{sudo}dnf install postgresql-server",
        _ => "with this system's package manager",
    };

    [GeneratedRegex(@"^ID(_LIKE)?=.*\b(debian|ubuntu)\b", RegexOptions.Multiline)]
    private static partial Regex Debian();

    [GeneratedRegex(@"^ID(_LIKE)?=.*\b(fedora|rhel|centos)\b", RegexOptions.Multiline)]
    private static partial Regex Fedora();
}
