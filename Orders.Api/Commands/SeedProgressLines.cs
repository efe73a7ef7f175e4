using System.Globalization;
using Orders.Application.Seeding;

namespace Orders.Api.Commands;

/// <summary>Shows progress as plain lines: one for each stage, and one every few seconds while orders are written.</summary>
internal sealed class SeedProgressLines(TextWriter writer, TimeProvider time) : IProgress<SeedProgress>
{
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private SeedStage? _stage;
    private long _stageStarted;
    private long _lastLine;

    public void Report(SeedProgress value)
    {
        if (value.Stage != _stage)
        {
            _stage = value.Stage;
            _stageStarted = _lastLine = time.GetTimestamp();
            writer.WriteLine($"{SeedProgressDisplay.NameOf(value.Stage)} …");
        }
        else if (time.GetElapsedTime(_lastLine) >= Interval)
        {
            _lastLine = time.GetTimestamp();
            writer.WriteLine(Line(value, time.GetElapsedTime(_stageStarted)));
        }
    }

    private static string Line(SeedProgress value, TimeSpan elapsed)
    {
        double perSecond = value.Rows / elapsed.TotalSeconds;
        var left = TimeSpan.FromSeconds(Math.Ceiling((value.TotalRows - value.Rows) / Math.Max(perSecond, 1)));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{value.Rows:N0} of {value.TotalRows:N0} orders, {perSecond:N0} a second, {left:c} left");
    }
}
