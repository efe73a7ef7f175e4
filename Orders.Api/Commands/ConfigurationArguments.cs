using Orders.Application;

namespace Orders.Api.Commands;

/// <summary>What is left of a command line after its command and options: settings, as <c>--Section:Name=value</c>.</summary>
internal static class ConfigurationArguments
{
    /// <summary>Settings of the framework that belong to no section.</summary>
    private static readonly string[] Known = ["urls", "http_ports", "https_ports", "environment", "contentroot"];

    /// <exception cref="StartupException">One is neither a setting nor a setting's value: a mistyped command or option, most likely.</exception>
    public static string[] Check(IReadOnlyList<string> arguments)
    {
        for (int i = 0; i < arguments.Count; i++)
        {
            string name = arguments[i].Split('=')[0];
            bool isSetting = name.StartsWith("--", StringComparison.Ordinal)
                && (name.Contains(':', StringComparison.Ordinal) || Known.Contains(name[2..], StringComparer.OrdinalIgnoreCase));
            if (!isSetting)
            {
                throw new StartupException($"There is no {(name.StartsWith('-') ? "option" : "command")} '{name}'; --help lists what there is. Settings are given as --Section:Name=value.");
            }

            // Or the value is the next argument.
            if (name == arguments[i])
            {
                i++;
            }
        }

        return [.. arguments];
    }
}
