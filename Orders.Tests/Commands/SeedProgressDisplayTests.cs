using Microsoft.Extensions.Time.Testing;
using Orders.Api.Commands;
using Orders.Application.Seeding;
using Spectre.Console;

namespace Orders.Tests.Commands;

public sealed class SeedProgressDisplayTests
{
    [Test]
    public void Every_stage_has_one_line()
    {
        using var writer = new StringWriter { NewLine = "\n" };
        var lines = new SeedProgressLines(writer, new FakeTimeProvider());

        foreach (SeedStage stage in Enum.GetValues<SeedStage>())
        {
            lines.Report(At(stage, rows: 0));
            lines.Report(At(stage, rows: 0));
        }

        Assert.That(writer.ToString(), Is.EqualTo(
            "Preparing …\nRemoving old orders …\nWriting orders …\nCommitting …\nVacuuming …\n"));
    }

    [Test]
    public void While_orders_are_written_a_line_every_five_seconds_gives_their_number_the_rate_and_the_time_left()
    {
        using var writer = new StringWriter { NewLine = "\n" };
        var time = new FakeTimeProvider();
        var lines = new SeedProgressLines(writer, time);

        for (var second = 0; second <= 11; second++)
        {
            lines.Report(At(SeedStage.Writing, rows: second * 1000));
            time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.That(writer.ToString(), Is.EqualTo(
            """
            Writing orders …
            5,000 of 100,000 orders, 1,000 a second, 00:01:35 left
            10,000 of 100,000 orders, 1,000 a second, 00:01:30 left

            """));
    }

    [Test]
    public async Task A_terminal_shows_rows_rows_per_second_and_time_left()
    {
        using var screen = new StringWriter();
        IAnsiConsole terminal = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(screen),
            Ansi = AnsiSupport.Yes,
            Interactive = InteractionSupport.Yes,
        });
        terminal.Profile.Width = 80;

        long rows = await SeedProgressBar.ShowAsync(terminal, progress =>
        {
            progress.Report(At(SeedStage.Preparing, rows: 0));
            progress.Report(At(SeedStage.Writing, rows: 40_000));
            progress.Report(At(SeedStage.Writing, rows: 100_000));
            return Task.FromResult(100_000L);
        });

        Assert.That(rows, Is.EqualTo(100_000));
        Assert.That(screen.ToString(), Does.Contain("Writing orders").And.Contain("100,000 (").And.Contain("/s)").And.Contain("00:00:00"));
    }

    [Test]
    public void The_last_line_gives_the_result()
    {
        Assert.That(SeedProgressDisplay.Summary("Loaded", 1_500_000, TimeSpan.FromSeconds(5.26)), Is.EqualTo("Loaded 1,500,000 orders in 5.3 s."));
        Assert.That(SeedProgressDisplay.Summary("Loaded", 0, TimeSpan.Zero), Is.EqualTo("The table has orders already; nothing was done."));
    }

    private static SeedProgress At(SeedStage stage, long rows) => new() { Stage = stage, Rows = rows, TotalRows = 100_000 };
}
