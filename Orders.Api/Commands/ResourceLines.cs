using Orders.Application.Lakebase;

namespace Orders.Api.Commands;

/// <summary>How resources are told of in a terminal or a log.</summary>
internal static class ResourceLines
{
    /// <summary>All of a report.</summary>
    public static IEnumerable<string> Of(ResourceReport report)
    {
        foreach (ResourceStep step in report.Steps)
        {
            yield return Of(step);
        }

        if (report.Pipeline?.Url is { } url)
        {
            yield return $"The pipeline is at {url}";
        }

        yield return report.Message;
    }

    public static string Of(ResourceStep step) => $"{step.Resource} {step.Name}: {Text(step)}";

    /// <summary>Without its name.</summary>
    public static string Text(ResourceStep step)
    {
        string state = step.State switch
        {
            StepState.Waiting => "waiting",
            StepState.Running => "in progress",
            StepState.Done => "done",
            StepState.Missing => "not there",
            StepState.Skipped => "left out",
            StepState.Failed => "failed",
        };
        return step.Detail is { } detail ? $"{state} ({detail})" : state;
    }
}
