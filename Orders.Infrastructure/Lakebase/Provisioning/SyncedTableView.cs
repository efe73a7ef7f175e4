using System.Globalization;
using Orders.Application.Lakebase;

namespace Orders.Infrastructure.Lakebase.Provisioning;

/// <summary>What both products tell of a synced table, and what that means. Null where the workspace leaves it open.</summary>
internal sealed record SyncedTableView
{
    private const string StartAnew = "Look at its pipeline in the workspace and start that once more; or delete the resources and create them again.";

    /// <summary>The server or project that it is on.</summary>
    public required string? Place { get; init; }

    public required string? Database { get; init; }

    public required string? Source { get; init; }

    /// <summary>Of its entry in Unity Catalog: PROVISIONING, ACTIVE, DEGRADED, UPDATING, FAILED, DELETING.</summary>
    public required string? CatalogState { get; init; }

    /// <summary>Of its rows: a name that begins with SYNCED_TABLE_.</summary>
    public required string? State { get; init; }

    public required string? Message { get; init; }

    public required string? PipelineId { get; init; }

    /// <summary>From 0 to 1.</summary>
    public required double? Completion { get; init; }

    /// <summary>The table as such; its rows may be missing.</summary>
    /// <param name="place">Where it has to be.</param>
    /// <param name="settings">What it has to be.</param>
    public Observation Table(string place, ResourceSettings settings)
    {
        string? difference = Place is not null && Place != place ? $"is on {Place}"
            : Database is not null && Database != settings.Database ? $"is in the database {Database}"
            : Source is not null && Source != ResourceSettings.Source ? $"is synced from {Source}"
            : null;
        SyncPipeline pipeline = Pipeline(settings);
        return this switch
        {
            _ when difference is not null => new Observation(Condition.Foreign, $"A synced table of that name {difference}. It is left alone: configure another name."),
            { CatalogState: "DELETING" } => Observation.Deleting,
            _ => Failure(pipeline) ?? new Observation(Condition.Ready, Pipeline: pipeline),
        };
    }

    /// <summary>Its rows.</summary>
    public Observation Rows(ResourceSettings settings)
    {
        SyncPipeline pipeline = Pipeline(settings);
        return Failure(pipeline) ?? State switch
        {
            _ when CatalogState == "DELETING" => new Observation(Condition.Unusable, "Somebody deletes the table.", pipeline),
            null => new Observation(Condition.Pending, "no state yet", pipeline),
            "SYNCED_TABLE_ONLINE_PIPELINE_FAILED" => new Observation(
                Condition.Ready, Sentences("Online, but its last update failed: look at the pipeline.", Message), pipeline),
            _ when State.StartsWith("SYNCED_TABLE_ONLINE", StringComparison.Ordinal) => new Observation(Condition.Ready, State, pipeline),
            _ => new Observation(Condition.Pending, Completion is { } ratio ? string.Create(CultureInfo.InvariantCulture, $"{State}, {ratio * 100:0} %") : State, pipeline),
        };
    }

    private Observation? Failure(SyncPipeline pipeline) => this switch
    {
        { CatalogState: "FAILED" } => new Observation(Condition.Unusable, Sentences("Its entry in Unity Catalog failed.", Message, StartAnew), pipeline),
        { State: "SYNCED_TABLE_OFFLINE_FAILED" } => new Observation(
            Condition.Unusable, Sentences("The pipeline failed (SYNCED_TABLE_OFFLINE_FAILED).", Message, StartAnew), pipeline),
        _ => null,
    };

    private static string Sentences(params ReadOnlySpan<string?> sentences) => string.Join(' ', sentences.ToArray().Where(sentence => !string.IsNullOrEmpty(sentence)));

    private SyncPipeline Pipeline(ResourceSettings settings) => new(
        PipelineId, PipelineId is null ? null : new Uri(settings.Workspace, $"pipelines/{Uri.EscapeDataString(PipelineId)}"), State, Message, Completion);
}
