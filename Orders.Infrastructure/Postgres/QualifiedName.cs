using System.Text;
using System.Text.RegularExpressions;

namespace Orders.Infrastructure.Postgres;

/// <summary>A schema and the name of something in it, exactly as the catalogue has them.</summary>
internal sealed partial record QualifiedName
{
    /// <summary>PostgreSQL cuts longer names (NAMEDATALEN - 1), and would then look for another one than was said.</summary>
    private const int MaxBytes = 63;

    public required string Schema { get; init; }

    public required string Name { get; init; }

    /// <summary>
    /// Reads <c>schema.name</c>; a part that holds a dot or a quote is written in double quotes, as in SQL. Null when it is neither.
    /// </summary>
    public static QualifiedName? Parse(string text)
    {
        Match match = Pattern().Match(text);
        return match.Success && Part(match, "schema") is { } schema && Part(match, "name") is { } name
            ? new QualifiedName { Schema = schema, Name = name }
            : null;
    }

    /// <summary>Whether it can be a name here. A dollar sign could end the quoting of a function's body.</summary>
    public static bool IsUsable(string name) =>
        name.Length > 0 && Encoding.UTF8.GetByteCount(name) <= MaxBytes && !name.Any(
            character => character == '$' || char.IsControl(character));

    public static string Quote(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    /// <summary>For a statement.</summary>
    public override string ToString() => $"{Quote(Schema)}.{Quote(Name)}";

    [GeneratedRegex(
        """^(?:"(?<schema>(?:[^"]|"")+)"|(?<schema>[^".\s]+))\.(?:"(?<name>(?:[^"]|"")+)"|(?<name>[^".\s]+))$""",
        RegexOptions.ExplicitCapture)]
    private static partial Regex Pattern();

    private static string? Part(Match match, string group) =>
        match.Groups[group].Value.Replace("\"\"", "\"", StringComparison.Ordinal) is var part && IsUsable(part) ? part : null;
}
