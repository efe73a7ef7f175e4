using System.Globalization;

namespace Orders.Application;

/// <summary>Durations in settings: seconds (<c>2</c>, <c>0.5</c>) or <c>hh:mm:ss</c>.</summary>
/// <remarks>The framework's binder reads <c>2</c> as two days.</remarks>
public static class DurationSetting
{
    /// <exception cref="StartupException">It is not a duration within the bounds; the message names the setting.</exception>
    public static TimeSpan Read(string key, string? text, TimeSpan preset, TimeSpan minimum, TimeSpan maximum)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return preset;
        }

        return Parse(text) is { } value && value >= minimum && value <= maximum
            ? value
            : throw new StartupException(
                $"{key} is '{text}'. Set it to a duration from {minimum.TotalSeconds} to {maximum.TotalSeconds} seconds: a number of seconds (2, 0.5) or hh:mm:ss.");
    }

    private static TimeSpan? Parse(string text)
    {
        if (double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double seconds) && seconds <= TimeSpan.MaxValue.TotalSeconds / 2)
        {
            return TimeSpan.FromSeconds(seconds);
        }

        return TimeSpan.TryParseExact(text, "c", CultureInfo.InvariantCulture, out TimeSpan duration) ? duration : null;
    }
}
