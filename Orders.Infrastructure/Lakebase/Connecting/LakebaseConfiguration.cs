using System.Globalization;
using Microsoft.Extensions.Configuration;
using Orders.Application;

namespace Orders.Infrastructure.Lakebase.Connecting;

/// <summary>
/// Reads settings that have more than one name: our own, and the environment variables that Databricks Apps and its recipes use for
/// the same. The first name that has a value counts, and messages name it.
/// </summary>
internal sealed class LakebaseConfiguration(IConfiguration configuration)
{
    /// <summary>A value and the name under which it was found.</summary>
    internal readonly record struct Setting(string Name, string Value)
    {
        // A value may be a secret.
        public override string ToString() => Name;
    }

    public Setting? Find(params ReadOnlySpan<string> names)
    {
        foreach (string name in names)
        {
            if (configuration[name] is { } value && !string.IsNullOrWhiteSpace(value))
            {
                return new Setting(name.Replace(":", "__", StringComparison.Ordinal), value.Trim());
            }
        }

        return null;
    }

    /// <summary>A number of seconds, connections or the like.</summary>
    /// <exception cref="StartupException">It is not a number within the bounds.</exception>
    public int? FindNumber(int minimum, int maximum, params ReadOnlySpan<string> names) => Find(names) switch
    {
        null => null,
        { Value: var text } when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            && number >= minimum && number <= maximum => number,
        { } setting => throw new StartupException($"{setting.Name} is '{setting.Value}'. Set it to a number from {minimum} to {maximum}."),
    };
}
