using Orders.Application.Lakebase;

namespace Orders.Infrastructure.Lakebase.Provisioning;

/// <summary>Builds the report of an operation, and passes on each change.</summary>
internal sealed class ResourceProgress(ResourceReport plan, Action<ResourceReport> onProgress)
{
    public ResourceReport Report { get; private set; } = plan;

    public void Step(int index, ReconcileResult outcome)
    {
        ResourceStep step = Report.Steps[index] with { State = outcome.State, Detail = outcome.Detail };
        if (step != Report.Steps[index] || (outcome.Pipeline is not null && outcome.Pipeline != Report.Pipeline))
        {
            Report = Report with
            {
                Steps = [.. Report.Steps.Select((other, i) => i == index ? step : other)],
                Pipeline = outcome.Pipeline ?? Report.Pipeline,
            };
            onProgress(Report);
        }
    }

    public ResourceReport End(ResourceState state, string message, DateTimeOffset endedAt)
    {
        Report = Report with { State = state, Message = message, EndedAt = endedAt };
        onProgress(Report);
        return Report;
    }
}
