using Orders.Application;

namespace Orders.Api.Commands;

/// <summary>The rest of a command line after the command and its options: settings as <c>--Section:Name=value</c>.</summary>
internal static class ConfigurationArguments
{
    /// <summary>The framework's settings that have no section.</summary>
    private static readonly string[] Known = ["urls", "http_ports", "https_ports", "environment", "contentroot"];

    /// <exception cref="StartupException">
    /// An argument is not a setting or its value. It is probably a mistyped command or option.
    /// </exception>
    public static string[] Check(IReadOnlyList<string> arguments)
    {
        for (int i = 0; i < arguments.Count; i++)
        {
            string name = arguments[i].Split('=')[0];
            bool isSetting = name.StartsWith("--", StringComparison.Ordinal)
                && (name.Contains(':', StringComparison.Ordinal) || Known.Contains(name[2..], StringComparer.OrdinalIgnoreCase));
            if (!isSetting)
            {
                throw new StartupException(
                    $"There is no {(name.StartsWith('-') ? "option" : "command")} '{name}'; --help lists them. " +
                    "Settings are given as --Section:Name=value.");
            }

            // Without "=", the value is the next argument.
            if (name == arguments[i])
            {
                i++;
            }
        }

        return [.. arguments];
    }
}
