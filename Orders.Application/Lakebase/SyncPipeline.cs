namespace Orders.Application.Lakebase;

/// <summary>The pipeline that copies the source into the synced table.</summary>
/// <param name="Id">Its id in the workspace; null while it has none.</param>
/// <param name="Url">Its page in the workspace.</param>
/// <param name="State">The synced table's: a name that begins with <c>SYNCED_TABLE_</c>.</param>
/// <param name="Message">The workspace's message on that state.</param>
/// <param name="Completion">From 0 to 1; null when the workspace does not say.</param>
public sealed record SyncPipeline(string? Id, Uri? Url, string? State, string? Message, double? Completion);
