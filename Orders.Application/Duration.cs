using System.ComponentModel;
using System.Globalization;

namespace Orders.Application;

/// <summary>A duration in settings: seconds (<c>2</c>, <c>0.5</c>) or <c>hh:mm:ss</c>. The framework reads <c>2</c> as two days.</summary>
[TypeConverter(typeof(DurationConverter))]
public readonly record struct Duration(TimeSpan Value)
{
    public static Duration FromSeconds(double seconds) => new(TimeSpan.FromSeconds(seconds));

    /// <exception cref="FormatException">It is not a duration.</exception>
    public static Duration Parse(string text)
    {
        if (double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double seconds)
            && seconds <= TimeSpan.MaxValue.TotalSeconds / 2)
        {
            return FromSeconds(seconds);
        }

        return TimeSpan.TryParseExact(text, "c", CultureInfo.InvariantCulture, out TimeSpan value)
            ? new Duration(value)
            : throw new FormatException("Set it to a duration: a number of seconds (2, 0.5) or hh:mm:ss.");
    }

    public override string ToString() => Value.TotalSeconds.ToString(CultureInfo.InvariantCulture);

    private sealed class DurationConverter : TypeConverter
    {
        public override bool CanConvertFrom(ITypeDescriptorContext? context, Type sourceType) => sourceType == typeof(string);

        public override object ConvertFrom(ITypeDescriptorContext? context, CultureInfo? culture, object value) => Parse((string)value);
    }
}
