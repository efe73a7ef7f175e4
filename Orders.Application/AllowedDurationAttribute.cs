using System.ComponentModel.DataAnnotations;
using System.Globalization;

namespace Orders.Application;

/// <summary>The bounds of a <see cref="Duration"/> in settings, in seconds.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class AllowedDurationAttribute(double minimum, double maximum) : ValidationAttribute
{
    public double Minimum => minimum;

    public double Maximum => maximum;

    public override bool IsValid(object? value) =>
        value is null || (value is Duration duration && duration.Value.TotalSeconds >= minimum && duration.Value.TotalSeconds <= maximum);

    public override string FormatErrorMessage(string name)
    {
        string bounds = string.Create(CultureInfo.InvariantCulture, $"from {minimum} to {maximum} seconds");
        return $"Set it to a duration {bounds}: a number of seconds (2, 0.5) or hh:mm:ss.";
    }
}
