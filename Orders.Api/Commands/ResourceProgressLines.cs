using Orders.Application.Lakebase;

namespace Orders.Api.Commands;

/// <summary>Progress as plain lines: one for each change of a resource.</summary>
internal sealed class ResourceProgressLines(TextWriter writer)
{
    private readonly HashSet<string> _written = [];

    public void Report(ResourceReport report)
    {
        foreach (ResourceStep step in report.Steps.Where(step => step.State != StepState.Waiting))
        {
            string line = ResourceLines.Of(step);
            if (_written.Add(line))
            {
                writer.WriteLine(line);
            }
        }
    }
}
