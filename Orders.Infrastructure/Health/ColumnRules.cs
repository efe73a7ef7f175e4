namespace Orders.Infrastructure.Health;

/// <summary>Which columns the service needs, and of which types: those that convert to an order's without loss.</summary>
internal static class ColumnRules
{
    public const string Key = "o_orderkey";

    private const string Status = "o_orderstatus";
    private const string WholeNumber = "bigint, or another integer type, or numeric without a fraction";
    private const string Number = "numeric of any precision and scale, or an integer type";
    private const string Text = "text, varchar or char";

    private static readonly (string Name, string Wanted, Func<ColumnRow, bool> Fits)[] Columns =
    [
        (Key, WholeNumber, IsWholeNumber),
        ("o_custkey", WholeNumber, IsWholeNumber),
        (Status, Text, IsText),
        ("o_totalprice", Number, column => column.BaseType == "numeric" || IsInteger(column)),
        ("o_orderdate", "date", column => column.BaseType == "date"),
        ("o_orderpriority", Text, IsText),
        ("o_clerk", Text, IsText),
        ("o_shippriority", WholeNumber, IsWholeNumber),
        ("o_comment", Text, IsText),
    ];

    public static TableProblem? FindReadProblem(RelationRow relation, IReadOnlyCollection<ColumnRow> columns)
    {
        foreach ((string name, string wanted, Func<ColumnRow, bool> fits) in Columns)
        {
            if (columns.FirstOrDefault(column => column.Name == name) is not { } column)
            {
                return new TableProblem($"The column {name} is missing: its type has to be {wanted}.", relation.Where);
            }

            if (!fits(column))
            {
                return new TableProblem(
                    $"The column {name} is of type {column.Type}: its type has to be {wanted}.", relation.Where);
            }
        }

        return Columns.All(wanted => columns.Single(column => column.Name == wanted.Name).MaySelect)
            ? null
            : new TableProblem("The right to read is missing.", $"Run: grant select on {relation.Name} to {relation.Role};");
    }

    /// <param name="relation">The table or view.</param>
    /// <param name="columns">Its columns, without a <see cref="FindReadProblem"/>.</param>
    public static TableProblem? FindChangeProblem(RelationRow relation, IReadOnlyCollection<ColumnRow> columns) =>
        columns.Single(column => column.Name == Status) switch
        {
            { IsUpdatable: false } => new TableProblem(
                $"The column {Status} can't be updated: make it an updatable view, or give it an instead of trigger.", relation.Where),
            { MayUpdate: false } => new TableProblem(
                "The right to change a status is missing.",
                $"Run: grant update ({Status}) on {relation.Name} to {relation.Role};"),
            _ => null,
        };

    private static bool IsInteger(ColumnRow column) => column.BaseType is "int2" or "int4" or "int8";

    private static bool IsWholeNumber(ColumnRow column) =>
        IsInteger(column) || (column.BaseType == "numeric" && column.Modifier >= 0 && Scale(column.Modifier) <= 0);

    private static bool IsText(ColumnRow column) => column.BaseType is "text" or "varchar" or "bpchar";

    /// <summary>The scale in a numeric's modifier, as <c>numeric_typmod_scale</c> of PostgreSQL reads it: eleven bits, signed.</summary>
    private static int Scale(int modifier) => (((modifier - 4) & 0x7ff) ^ 1024) - 1024;
}
