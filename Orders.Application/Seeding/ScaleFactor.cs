using System.Globalization;

namespace Orders.Application.Seeding;

/// <summary>
/// The size of the generated table: 1,500,000 orders for each unit. TPC-H clause 4.1.3.1 names only some whole numbers; here any decimal
/// number is allowed. (<c>dbgen</c> truncates 2.5 to 2 and 0.0125 to 0.012.)
/// </summary>
public readonly record struct ScaleFactor
{
    /// <summary>
    /// The exclusive upper bound. From here on <c>dbgen</c> draws customers and parts with a second generator, but skips ahead in it with
    /// the arithmetic of the first. Its output then depends on the number of chunks (option -C), so there is no one correct table.
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
        const NumberStyles styles = NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign;
        if (!decimal.TryParse(text, styles, CultureInfo.InvariantCulture, out decimal value))
        {
            throw new SeedException($"The scale factor '{text}' is not a number. Write it like 0.01, 1 or 100.");
        }

        if (value <= 0)
        {
            throw new SeedException($"The scale factor must be greater than 0, and {text} is not.");
        }

        return value < Limit
            ? new ScaleFactor(value)
            : throw new SeedException(string.Create(
                CultureInfo.InvariantCulture, $"The scale factor must be below {Limit:N0}, and {text} is not."));
    }

    /// <summary>The number of rows at this scale factor: rounded down, at least 1.</summary>
    /// <param name="rowsPerUnit">The number of rows at scale factor 1.</param>
    public long Scale(long rowsPerUnit) => Math.Max(1, (long)(rowsPerUnit * Value));

    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
