using System.Globalization;
using System.Text;
using Serilog.Events;
using Serilog.Formatting;

namespace Orders.Api.Telemetry;

/// <summary>
/// Writes what the other formatter does, but control characters escaped, so that nobody who puts them into a path or a name can make up
/// lines or speak to a terminal.
/// </summary>
/// <param name="line">Writes the event as one line.</param>
/// <param name="withException">Write the event's exception below the line, each of its lines indented.</param>
internal sealed class OneLineFormatter(ITextFormatter line, bool withException) : ITextFormatter
{
    private const string Indent = "   ";

    [ThreadStatic]
    private static StringBuilder? s_text;

    public void Format(LogEvent logEvent, TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(logEvent);
        ArgumentNullException.ThrowIfNull(output);
        StringBuilder text = (s_text ??= new StringBuilder()).Clear();
        using (var writer = new StringWriter(text, CultureInfo.InvariantCulture))
        {
            line.Format(logEvent, writer);
        }

        WriteEscaped(text.ToString().AsSpan().TrimEnd("\r\n"), output);
        output.WriteLine();
        if (withException && logEvent.Exception is { } exception)
        {
            WriteException(exception, output);
        }
    }

    private static void WriteException(Exception exception, TextWriter output)
    {
        foreach (ReadOnlySpan<char> part in exception.ToString().AsSpan().EnumerateLines())
        {
            output.Write(Indent);
            WriteEscaped(part, output);
            output.WriteLine();
        }
    }

    private static void WriteEscaped(ReadOnlySpan<char> text, TextWriter output)
    {
        int start = 0;
        for (int i = 0; i < text.Length; i++)
        {
            if (IsControl(text[i]))
            {
                output.Write(text[start..i]);
                output.Write("\\u");
                output.Write(((int)text[i]).ToString("x4", CultureInfo.InvariantCulture));
                start = i + 1;
            }
        }

        output.Write(text[start..]);
    }

    /// <summary>Also those that end a line, or turn the direction of writing, without being control characters by name.</summary>
    private static bool IsControl(char character) => char.GetUnicodeCategory(character)
        is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}
