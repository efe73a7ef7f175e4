using System.Globalization;
using System.Reflection;
using Microsoft.Extensions.Configuration;
using Orders.Application;

namespace Orders.Infrastructure.Lakebase.Connecting;

/// <summary>
/// Finds the settings of <see cref="LakebaseSettings"/> under all their names, and keeps the name for messages. The platform's binder
/// knows one name only.
/// </summary>
internal sealed class LakebaseConfiguration(IConfiguration configuration)
{
    /// <summary>A value and the name under which it was found.</summary>
    internal readonly record struct Setting(string Name, string Value)
    {
        // A value may be a secret.
        public override string ToString() => Name;
    }

    /// <param name="property">A property of <see cref="LakebaseSettings"/>.</param>
    public Setting? Find(string property)
    {
        IEnumerable<string> variables =
            typeof(LakebaseSettings).GetProperty(property)!.GetCustomAttributes<VariableAttribute>().Select(variable => variable.Name);
        return variables.Prepend(
            $"{LakebaseSettings.Section}:{property}").Select(FindVariable).FirstOrDefault(setting => setting is not null);
    }

    /// <param name="name">The key of a setting, or an environment variable.</param>
    public Setting? FindVariable(string name) => configuration[name] is { } value && !string.IsNullOrWhiteSpace(value)
        ? new Setting(name.Replace(":", "__", StringComparison.Ordinal), value.Trim())
        : null;

    /// <summary>A number of seconds, connections or the like.</summary>
    /// <exception cref="StartupException">It is not a number within the bounds.</exception>
    public int? FindNumber(int minimum, int maximum, string variable) => Number(FindVariable(variable), minimum, maximum);

    /// <exception cref="StartupException">It is not a number within the bounds.</exception>
    public static int? Number(Setting? setting, int minimum, int maximum) => setting switch
    {
        null => null,
        { Value: var text } when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            && number >= minimum && number <= maximum => number,
        { } wrong => throw new StartupException($"{wrong.Name} is '{wrong.Value}'. Set it to a number from {minimum} to {maximum}."),
    };
}
