using Orders.Application.Lakebase;

namespace Orders.Infrastructure.Lakebase.Provisioning;

/// <summary>The messages at the end of an operation, in the recipe's words where it has some.</summary>
internal static class ResourceMessages
{
    private const string HowToUndo = "Asked to create again, it goes on from here; asked to delete, it undoes what was made.";

    public static string Created(ResourceReport report)
    {
        string roleless = report.Steps.Any(step => step.State == StepState.Skipped)
            ? " The role could not be made: as an owner of the database, run select databricks_create_role(…)."
            : "";
        return $"Resources created successfully, and {report.Names.SyncedTable} is online.{roleless} "
            + "Left to do, once: Orders.Api overlay install; then /health/ready names whatever grant is still missing.";
    }

    public static string Failed(ResourceStep step) => $"{step.Resource} {step.Name}: {step.Detail} {HowToUndo}";

    public static string Deleted(IReadOnlyList<ResourceStep> steps)
    {
        int deleted = steps.Count(step => step.State == StepState.Done);
        int failed = steps.Count(step => step.State == StepState.Failed);
        return (deleted, failed) switch
        {
            (0, 0) => "Nothing was there to delete.",
            (_, 0) => $"All {deleted} resources deleted successfully.",
            _ => $"Deletion completed with errors. {deleted} resources deleted, {failed} failed. Asked for again, it tries those once "
                + "more.",
        };
    }

    public static string Described(ResourceState state) => state switch
    {
        ResourceState.Complete => "All are there, and the synced table is online.",
        ResourceState.Absent => "None is there.",
        _ => $"Not all are there, or not ready. {HowToUndo}",
    };
}
