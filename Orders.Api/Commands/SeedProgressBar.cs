using Orders.Application.Seeding;
using Spectre.Console;

namespace Orders.Api.Commands;

/// <summary>Progress as a bar with rows, rows per second and the time left.</summary>
internal sealed class SeedProgressBar : IProgress<SeedProgress>
{
    // With the longest description and nine-digit counts a line fits into 80 columns.
    private const int BarWidth = 16;

    private readonly ProgressTask _task;

    private SeedProgressBar(ProgressTask task) => _task = task;

    public static Task<long> ShowAsync(IAnsiConsole terminal, Func<IProgress<SeedProgress>, Task<long>> run) => terminal.Progress()
        .Columns(new TaskDescriptionColumn(), new ProgressBarColumn { Width = BarWidth }, new PercentageColumn(), new RowRateColumn(), new RemainingTimeColumn())
        .StartAsync(context => run(new SeedProgressBar(context.AddTask(SeedProgressDisplay.NameOf(SeedStage.Preparing), autoStart: false))));

    public void Report(SeedProgress value)
    {
        _task.Description = SeedProgressDisplay.NameOf(value.Stage);
        _task.MaxValue = value.TotalRows;
        _task.Value = value.Rows;

        // The clock behind the rate and the time left runs from the first order on, not from the preparations.
        if (value.Stage == SeedStage.Writing && !_task.IsStarted)
        {
            _task.StartTask();
        }
    }
}
