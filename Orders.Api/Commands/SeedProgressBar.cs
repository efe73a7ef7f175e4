using System.Globalization;
using Orders.Application.Seeding;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Orders.Api.Commands;

/// <summary>Shows progress as a bar with rows, rows per second and the time left.</summary>
internal sealed class SeedProgressBar : IProgress<SeedProgress>
{
    // With the longest description and counts of nine digits, a line fits into 80 columns.
    private const int BarWidth = 16;

    private readonly ProgressTask _task;

    private SeedProgressBar(ProgressTask task) => _task = task;

    public static Task<long> ShowAsync(IAnsiConsole terminal, Func<IProgress<SeedProgress>, Task<long>> run) => terminal.Progress()
        .Columns(
            new TaskDescriptionColumn(),
            new ProgressBarColumn { Width = BarWidth },
            new PercentageColumn(),
            new RowRateColumn(),
            new RemainingTimeColumn())
        .StartAsync(context =>
            run(new SeedProgressBar(context.AddTask(SeedProgressDisplay.NameOf(SeedStage.Preparing), autoStart: false))));

    public void Report(SeedProgress value)
    {
        _task.Description = SeedProgressDisplay.NameOf(value.Stage);
        _task.MaxValue = value.TotalRows;
        _task.Value = value.Rows;

        // The rate and the time left are computed from the start of this task, so it starts after the preparations.
        if (value.Stage == SeedStage.Writing && !_task.IsStarted)
        {
            _task.StartTask();
        }
    }

    /// <summary>A column with the number of orders and the orders per second.</summary>
    private sealed class RowRateColumn : ProgressColumn
    {
        protected override bool NoWrap => true;

        public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime) =>
            new Text(string.Create(CultureInfo.InvariantCulture, $"{task.Value:N0} ({task.Speed ?? 0:N0}/s)"));
    }
}
