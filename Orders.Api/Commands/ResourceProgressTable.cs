using Orders.Application.Lakebase;
using Spectre.Console;

namespace Orders.Api.Commands;

/// <summary>
/// Progress in a terminal: a line for each resource with what it is at and for how long, and a bar once the orders are being copied.
/// </summary>
internal sealed class ResourceProgressTable(ProgressContext context)
{
    private const int BarWidth = 12;

    private readonly List<ProgressTask> _tasks = [];

    public static Task<ResourceReport> ShowAsync(IAnsiConsole terminal, Func<Action<ResourceReport>, Task<ResourceReport>> run) =>
        terminal.Progress()
        .Columns(
            new SpinnerColumn(),
            new ElapsedTimeColumn(),
            new ProgressBarColumn { Width = BarWidth },
            new TaskDescriptionColumn { Alignment = Justify.Left })
        .StartAsync(context => run(new ResourceProgressTable(context).Report));

    public void Report(ResourceReport report)
    {
        for (int i = 0; i < report.Steps.Count; i++)
        {
            if (_tasks.Count == i)
            {
                _tasks.Add(context.AddTask("-", autoStart: false, maxValue: 1));
            }

            Show(_tasks[i], report.Steps[i], i == report.Steps.Count - 1 ? report.Pipeline?.Completion : null);
        }
    }

    private static void Show(ProgressTask task, ResourceStep step, double? completion)
    {
        task.Description = Markup.Escape($"{step.Resource}: {ResourceLines.Text(step)}");
        if (step.State == StepState.Waiting)
        {
            return;
        }

        if (!task.IsStarted)
        {
            task.StartTask();
        }

        bool isOver = step.State != StepState.Running;
        task.IsIndeterminate = !isOver && completion is null;
        task.Value = step.State == StepState.Failed ? task.Value : isOver ? 1 : completion ?? 0;
        if (isOver && task.StopTime is null)
        {
            task.StopTask();
        }
    }
}
