using System.ComponentModel;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Orders.Application;

/// <summary>
/// How often a caller may ask: <c>100/s</c>, <c>1000/min</c> or <c>5000/h</c>, and how many requests may come at once, as many as the
/// number says or as in <c>100/s burst 200</c>.
/// </summary>
/// <param name="Requests">How many requests in each window.</param>
/// <param name="Window">A second, a minute or an hour.</param>
/// <param name="Burst">How many requests may come at once after a pause.</param>
[TypeConverter(typeof(RateLimitConverter))]
public readonly partial record struct RateLimit(int Requests, TimeSpan Window, int Burst)
{
    /// <summary>The greatest number of requests, and the greatest burst.</summary>
    public const int Maximum = 1_000_000;

    /// <summary>The framework adds to the buckets so often, and not beyond the burst.</summary>
    private static readonly TimeSpan RefillPeriod = TimeSpan.FromMilliseconds(100);

    private static readonly (string Unit, TimeSpan Window)[] Units =
        [("s", TimeSpan.FromSeconds(1)), ("min", TimeSpan.FromMinutes(1)), ("h", TimeSpan.FromHours(1))];

    /// <exception cref="FormatException">It is no such rate; the message says what to set.</exception>
    public static RateLimit Parse(string text)
    {
        Match match = Form().Match(text);
        if (!match.Success
            || !TryParse(match.Groups["requests"].Value, out int requests)
            || !TryParse((match.Groups["burst"].Success ? match.Groups["burst"] : match.Groups["requests"]).Value, out int burst))
        {
            throw new FormatException(
                $"Set it to 1 to {Maximum} requests in a second, a minute or an hour, such as 100/s, 1000/min or 5000/h, "
                    + "with another burst if need be: 100/s burst 200.");
        }

        TimeSpan window = Units.First(unit => unit.Unit.Equals(match.Groups["unit"].Value, StringComparison.OrdinalIgnoreCase)).Window;
        int leastBurst = (int)double.Ceiling(requests * (RefillPeriod / window));
        return burst >= leastBurst
            ? new RateLimit(requests, window, burst)
            : throw new FormatException(
                $"Set its burst to {leastBurst} or more: what was used is given back ten times a second, so less holds the rate down.");
    }

    public override string ToString()
    {
        TimeSpan window = Window;
        string rate = string.Create(CultureInfo.InvariantCulture, $"{Requests}/{Units.First(unit => unit.Window == window).Unit}");
        return Burst == Requests ? rate : string.Create(CultureInfo.InvariantCulture, $"{rate} burst {Burst}");
    }

    private static bool TryParse(string digits, out int number) =>
        int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number is >= 1 and <= Maximum;

    [GeneratedRegex(@"^\s*(?<requests>[0-9]+)\s*/\s*(?<unit>s|min|h)(\s+burst\s+(?<burst>[0-9]+))?\s*$", RegexOptions.IgnoreCase)]
    private static partial Regex Form();

    private sealed class RateLimitConverter : TypeConverter
    {
        public override bool CanConvertFrom(ITypeDescriptorContext? context, Type sourceType) => sourceType == typeof(string);

        public override object ConvertFrom(ITypeDescriptorContext? context, CultureInfo? culture, object value) => Parse((string)value);
    }
}
