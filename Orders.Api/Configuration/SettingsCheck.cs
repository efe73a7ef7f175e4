using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using Orders.Application;

namespace Orders.Api.Configuration;

/// <summary>
/// Refuses settings that no option has, and values that can't be, before the platform binds them: with the name and the value as they
/// were given, and what to set.
/// </summary>
internal static class SettingsCheck
{
    private const string ConnectionStrings = "ConnectionStrings";

    /// <summary>The names of ours there.</summary>
    private static readonly string[] OwnStrings = ["Orders", "OrdersReads"];

    /// <summary>Checked where it is read, as the names in it are not ours alone.</summary>
    private const string Authentication = "Authentication";

    /// <summary>How many letters of a connection string's name may differ from ours until it is another one.</summary>
    private const int NearDistance = 3;

    /// <summary>Of as many letters of a section's name one may differ.</summary>
    private const int LettersPerDifference = 6;

    /// <param name="configuration">All settings.</param>
    /// <param name="sections">The sections of this program, and the options that they are bound to.</param>
    /// <exception cref="StartupException">A setting is unknown or can't be; the message says what to set.</exception>
    public static void Run(IConfiguration configuration, IReadOnlyDictionary<string, Type> sections)
    {
        foreach (IConfigurationSection section in configuration.GetChildren().Where(section => section.GetChildren().Any()))
        {
            if (sections.TryGetValue(section.Key, out Type? options))
            {
                CheckSection(section, options);
            }
            else if (section.Key.Equals(ConnectionStrings, StringComparison.OrdinalIgnoreCase))
            {
                CheckConnectionStrings(section);
            }
            else if (Nearest(section.Key, [.. sections.Keys, ConnectionStrings, Authentication], MostDifferences(section.Key)) is { } meant
                && !section.Key.Equals(Authentication, StringComparison.OrdinalIgnoreCase))
            {
                throw Unknown(section.GetChildren().First().Path, $"{meant}:{section.GetChildren().First().Key}");
            }
        }
    }

    private static void CheckSection(IConfigurationSection section, Type options)
    {
        PropertyInfo[] properties = options.GetProperties();
        object defaults = Activator.CreateInstance(options)!;
        foreach (IConfigurationSection setting in section.GetChildren())
        {
            PropertyInfo property = properties.FirstOrDefault(
                property => property.Name.Equals(setting.Key, StringComparison.OrdinalIgnoreCase))
                ?? throw Unknown(
                    setting.Path, $"{section.Path}:{Nearest(setting.Key, properties.Select(property => property.Name), int.MaxValue)}");
            if (IsSection(property.PropertyType))
            {
                if (!string.IsNullOrWhiteSpace(setting.Value))
                {
                    throw Unknown(setting.Path, $"{setting.Path}:{property.PropertyType.GetProperties()[0].Name}");
                }

                CheckSection(setting, property.PropertyType);
                continue;
            }

            if (setting.GetChildren().Any())
            {
                throw Unknown(setting.GetChildren().First().Path, setting.Path);
            }

            if (string.IsNullOrWhiteSpace(setting.Value))
            {
                // As if it were not set: the binder can't convert a blank.
                setting.Value = Convert.ToString(property.GetValue(defaults), CultureInfo.InvariantCulture);
            }
            else
            {
                CheckValue(setting, property);
            }
        }
    }

    /// <summary>No text makes such a value: it has settings of its own.</summary>
    private static bool IsSection(Type type) => !TypeDescriptor.GetConverter(type).CanConvertFrom(typeof(string));

    private static void CheckValue(IConfigurationSection setting, PropertyInfo property)
    {
        Type type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        object? value = null;
        string? complaint = null;
        try
        {
            value = type.IsEnum && !Enum.GetNames(type).Contains(setting.Value, StringComparer.OrdinalIgnoreCase)
                ? throw new FormatException()
                : TypeDescriptor.GetConverter(type).ConvertFromInvariantString(setting.Value!);
        }
        catch (Exception exception) when (exception is FormatException or ArgumentException or NotSupportedException)
        {
            complaint = type == typeof(bool) ? "Set it to true or false."
                : type.IsEnum ? $"Set it to {string.Join(" or ", Enum.GetNames(type))}."
                : exception.Message;
        }

        // A bound says more than that it is no value at all.
        ValidationAttribute[] rules = [.. property.GetCustomAttributes<ValidationAttribute>()];
        ValidationAttribute? broken = complaint is null ? rules.FirstOrDefault(rule => !rule.IsValid(value)) : rules.FirstOrDefault();
        complaint = broken?.FormatErrorMessage(setting.Path) ?? complaint;
        if (complaint is not null)
        {
            throw new StartupException($"{setting.Path} is '{setting.Value}'. {complaint}");
        }
    }

    /// <summary>Other programs may have connection strings in the same settings, so only those that are near to ours are refused.</summary>
    private static void CheckConnectionStrings(IConfigurationSection section)
    {
        foreach (IConfigurationSection other in section.GetChildren())
        {
            if (Nearest(other.Key, OwnStrings, NearDistance) is { } meant && !other.Key.Equals(meant, StringComparison.OrdinalIgnoreCase))
            {
                throw Unknown(other.Path, $"{ConnectionStrings}:{meant}");
            }
        }
    }

    private static int MostDifferences(string section) => int.Max(1, section.Length / LettersPerDifference);

    private static StartupException Unknown(string key, string? meant) =>
        new($"{key} is not a setting.{(meant is null ? "" : $" Did you mean {meant}?")} The README lists the settings.");

    private static string? Nearest(string name, IEnumerable<string> candidates, int most) => candidates
        .Select(candidate => (Name: candidate, Distance: Distance(name.ToUpperInvariant(), candidate.ToUpperInvariant())))
        .Where(candidate => candidate.Distance <= most)
        .OrderBy(candidate => candidate.Distance)
        .Select(candidate => candidate.Name)
        .FirstOrDefault();

    /// <summary>How many letters to put in, take out or change (Levenshtein).</summary>
    private static int Distance(string one, string other)
    {
        int[] row = [.. Enumerable.Range(0, other.Length + 1)];
        for (int i = 1; i <= one.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= other.Length; j++)
            {
                int changed = diagonal + (one[i - 1] == other[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = int.Min(changed, int.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[^1];
    }
}
