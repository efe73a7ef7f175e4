using System.Globalization;
using Orders.Application.Lakebase;
using Orders.Infrastructure.Lakebase.Workspace;

namespace Orders.Infrastructure.Lakebase.Provisioning;

/// <summary>Judges how far a synced table is.</summary>
internal sealed class SyncedTableObserver(SyncedTable table)
{
    private const string StartAnew = "Look at its pipeline in the workspace and start that once more; or delete the resources and create "
        + "them again.";

    /// <summary>Observes the table itself, with or without its rows.</summary>
    /// <param name="server">The instance or project that it must be on.</param>
    /// <param name="settings">Its other expected properties.</param>
    public Observation ObserveTable(string server, ResourceSettings settings)
    {
        string? difference = table.Server is not null && table.Server != server ? $"is on {table.Server}"
            : table.Database is not null && table.Database != settings.Database ? $"is in the database {table.Database}"
            : table.Source is not null && table.Source != ResourceSettings.Source ? $"is synced from {table.Source}"
            : null;
        SyncPipeline pipeline = Pipeline(settings);
        return table switch
        {
            _ when difference is not null => new Observation(Condition.Foreign, $"A synced table of that name {difference}. It is left "
                + "alone: configure another name."),
            { CatalogState: "DELETING" } => Observation.Deleting,
            _ => Failure(pipeline) ?? new Observation(Condition.Ready, Pipeline: pipeline),
        };
    }

    /// <summary>Observes the rows.</summary>
    public Observation ObserveRows(ResourceSettings settings)
    {
        SyncPipeline pipeline = Pipeline(settings);
        return Failure(pipeline) ?? table.State switch
        {
            _ when table.CatalogState == "DELETING" => new Observation(Condition.Unusable, "Somebody deletes the table.", pipeline),
            null => new Observation(Condition.Pending, "no state yet", pipeline),
            "SYNCED_TABLE_ONLINE_PIPELINE_FAILED" => new Observation(
                Condition.Ready, Sentences("Online, but its last update failed: look at the pipeline.", table.Message), pipeline),
            _ when table.State.StartsWith(
                "SYNCED_TABLE_ONLINE", StringComparison.Ordinal) => new Observation(Condition.Ready, table.State, pipeline),
            _ => new Observation(Condition.Pending, table.Completion is { } ratio
                ? string.Create(CultureInfo.InvariantCulture, $"{table.State}, {ratio * 100:0} %")
                : table.State, pipeline),
        };
    }

    private Observation? Failure(SyncPipeline pipeline) => table switch
    {
        { CatalogState: "FAILED" } => new Observation(
            Condition.Unusable, Sentences("Its entry in Unity Catalog failed.", table.Message, StartAnew), pipeline),
        { State: "SYNCED_TABLE_OFFLINE_FAILED" } => new Observation(
            Condition.Unusable, Sentences("The pipeline failed (SYNCED_TABLE_OFFLINE_FAILED).", table.Message, StartAnew), pipeline),
        _ => null,
    };

    private static string Sentences(params ReadOnlySpan<string?> sentences) =>
        string.Join(' ', sentences.ToArray().Where(sentence => !string.IsNullOrEmpty(sentence)));

    private SyncPipeline Pipeline(ResourceSettings settings) => new(
        table.PipelineId,
        table.PipelineId is null ? null : new Uri(settings.Workspace, $"pipelines/{Uri.EscapeDataString(table.PipelineId)}"),
        table.State,
        table.Message,
        table.Completion);
}
