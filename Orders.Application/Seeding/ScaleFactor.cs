using System.Globalization;

namespace Orders.Application.Seeding;

/// <summary>
/// How large the generated table is: 1,500,000 orders for each unit (TPC-H clause 4.1.3.1, where only some whole numbers are named; here every
/// decimal in between is a size too, whereas <c>dbgen</c> cuts 2.5 down to 2 and 0.0125 down to 0.012).
/// </summary>
public readonly record struct ScaleFactor
{
    /// <summary>
    /// Excluded. From here on <c>dbgen</c> draws customers and parts with a second generator that it skips ahead in with the first one's
    /// arithmetic: what it writes depends on the number of parts it is asked for, so there is no one table to be equal to.
    /// </summary>
    public const decimal Limit = 30_000m;

    private const long OrdersPerUnit = 1_500_000;

    private ScaleFactor(decimal value) => Value = value;

    public decimal Value { get; }

    /// <summary>The number of orders: rounded down, at least 1.</summary>
    public long Orders => Scale(OrdersPerUnit);

    /// <exception cref="SeedException">Not a number, not positive, or not below <see cref="Limit"/>; the message says which.</exception>
    public static ScaleFactor Parse(string text)
    {
        if (!decimal.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out decimal value))
        {
            throw new SeedException($"The scale factor '{text}' is not a number. Write it like 0.01, 1 or 100.");
        }

        if (value <= 0)
        {
            throw new SeedException($"The scale factor must be greater than 0, and {text} is not.");
        }

        return value < Limit
            ? new ScaleFactor(value)
            : throw new SeedException(string.Create(CultureInfo.InvariantCulture, $"The scale factor must be below {Limit:N0}, and {text} is not."));
    }

    /// <summary>What <paramref name="rowsPerUnit"/> rows for each unit come to: rounded down, at least 1.</summary>
    public long Scale(long rowsPerUnit) => Math.Max(1, (long)(rowsPerUnit * Value));

    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
