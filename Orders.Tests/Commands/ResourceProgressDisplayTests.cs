using Orders.Api.Commands;
using Orders.Application.Lakebase;
using Spectre.Console;

namespace Orders.Tests.Commands;

internal sealed class ResourceProgressDisplayTests
{
    [Test]
    public void Each_change_is_one_line()
    {
        using var writer = new StringWriter { NewLine = "\n" };
        var lines = new ResourceProgressLines(writer);
        lines.Report(Report(new("Catalog", "c", StepState.Running), new("Pipeline", "t", StepState.Waiting)));
        lines.Report(Report(new("Catalog", "c", StepState.Done), new("Pipeline", "t", StepState.Running, "40 %")));
        lines.Report(Report(new("Catalog", "c", StepState.Done), new("Pipeline", "t", StepState.Failed, "no source")));
        Assert.That(writer.ToString(), Is.EqualTo(
            """
            Catalog c: in progress
            Catalog c: done
            Pipeline t: in progress (40 %)
            Pipeline t: failed (no source)

            """));
    }

    [Test]
    public async Task A_terminal_sees_each_resource_with_what_it_is_at()
    {
        using var screen = new StringWriter();
        IAnsiConsole terminal = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(screen),
            Ansi = AnsiSupport.Yes,
            Interactive = InteractionSupport.Yes,
        });
        terminal.Profile.Width = 100;
        ResourceReport shown = await ResourceProgressTable.ShowAsync(terminal, told =>
        {
            ResourceReport report = Report(new("Catalog", "[c]", StepState.Done), new("Pipeline", "t", StepState.Running, "40 %")) with
            {
                Pipeline = new SyncPipeline("id", null, "SYNCED_TABLE_PROVISIONING", null, 0.4),
            };
            told(report);
            report = report with { Steps = [report.Steps[0], report.Steps[1] with { State = StepState.Done, Detail = "[online]" }] };
            told(report);
            return Task.FromResult(report);
        });
        Assert.That(shown.Steps[1].State, Is.EqualTo(StepState.Done));
        Assert.That(screen.ToString(), Does.Contain("Catalog: done").And.Contain("Pipeline: done ([online])").And.Contain("00:00:0"));
    }

    private static ResourceReport Report(params ResourceStep[] steps) => new()
    {
        Action = ResourceAction.Create,
        State = ResourceState.Running,
        Names = new ResourceNames("i", "c", "t"),
        Steps = steps,
        StartedAt = default,
        Message = "",
    };
}
