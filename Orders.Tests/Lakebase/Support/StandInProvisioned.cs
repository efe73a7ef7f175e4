using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Orders.Tests.Lakebase.Support;

/// <summary><c>/api/2.0/database</c>, as Databricks' SDKs describe it.</summary>
internal static class StandInProvisioned
{
    public static object? Answer(StandInResources resources, HttpRequest request, string path, JsonObject? body) => (request.Method, path.Split('/')) switch
    {
        ("POST", ["instances"]) => Create(resources, $"instances/{body!["name"]}", body, resources.ServerTakes),
        ("POST", ["instances", var instance, "roles"]) => CreateOn(resources, instance, $"instances/{instance}/roles/{body!["name"]}", body),
        ("POST", ["catalogs"]) => CreateOn(resources, $"{body!["database_instance_name"]}", $"catalogs/{body["name"]}", body),
        ("POST", ["synced_tables"]) => CreateTable(resources, body!),
        ("GET", ["instances", var instance, "catalogs"]) => Page(resources, instance, "catalogs", "database_catalogs", request.Query["page_token"]),
        ("GET", ["instances", var instance, "synced_tables"]) => Page(resources, instance, "synced_tables", "synced_tables", request.Query["page_token"]),
        ("GET", ["instances", _]) when resources.Find(path) is { } found => Instance(resources, found),
        ("GET", ["synced_tables", _]) when resources.Find(path) is { } found => Table(resources, found),
        ("GET", _) when resources.Find(path) is { } found => found.Body.DeepClone(),
        ("DELETE", ["catalogs", var catalog]) when resources.Names.Any(name => name.StartsWith($"synced_tables/{catalog}.", StringComparison.Ordinal)) =>
            new StandInWorkspace.Failure(400, """{"error_code":"BAD_REQUEST","message":"Catalog is not empty."}"""),
        ("DELETE", _) => Empty(resources.Delete(path)),
        _ => StandInResources.NotFound,
    };

    /// <summary>A body that is none, as some answers are.</summary>
    private static object Empty(object deleted) => deleted is StandInWorkspace.Failure ? deleted : new StandInWorkspace.Failure(StatusCodes.Status200OK, "");

    private static object Create(StandInResources resources, string name, JsonObject body, TimeSpan takes) =>
        resources.Add(name, body, takes) ? body.DeepClone() : StandInResources.Taken;

    private static object CreateOn(StandInResources resources, string instance, string name, JsonObject body) =>
        resources.Find($"instances/{instance}") is { GoneAt: null } server && server.ReadyAt <= resources.Now
            ? Create(resources, name, body, TimeSpan.Zero)
            : new StandInWorkspace.Failure(400, """{"error_code":"INVALID_STATE","message":"Database instance is not available."}""");

    private static object CreateTable(StandInResources resources, JsonObject body) =>
        resources.Find($"catalogs/{$"{body["name"]}".Split('.')[0]}") is null
            ? new StandInWorkspace.Failure(404, """{"error_code":"CATALOG_DOES_NOT_EXIST","message":"Catalog does not exist."}""")
            : CreateOn(resources, $"{body["database_instance_name"]}", $"synced_tables/{body["name"]}", body);

    /// <summary>One at a time, so that whoever lists has to turn pages.</summary>
    private static JsonObject Page(StandInResources resources, string instance, string kind, string member, string? token)
    {
        JsonObject[] all = [.. resources.Below(kind).Select(name => resources.Find(name)!.Body).Where(body => $"{body["database_instance_name"]}" == instance)];
        int index = token is { Length: > 0 } ? int.Parse(token, System.Globalization.CultureInfo.InvariantCulture) : 0;

        // An empty list is left out.
        return index < all.Length
            ? new JsonObject { [member] = new JsonArray(all[index].DeepClone()), ["next_page_token"] = index + 1 < all.Length ? $"{index + 1}" : "" }
            : [];
    }

    private static JsonObject Instance(StandInResources resources, StandInResource found) => new()
    {
        ["name"] = $"{found.Body["name"]}",
        ["state"] = found.GoneAt is not null ? "DELETING" : found.ReadyAt <= resources.Now ? "AVAILABLE" : "STARTING",
        ["capacity"] = $"{found.Body["capacity"]}",
        ["effective_node_count"] = (int)found.Body["node_count"]!,
        ["effective_enable_readable_secondaries"] = (bool)found.Body["enable_readable_secondaries"]!,

        // 64-bit numbers may arrive as strings.
        ["effective_retention_window_in_days"] = $"{found.Body["retention_window_in_days"]}",
        ["read_write_dns"] = "127.0.0.1",
    };

    private static JsonObject Table(StandInResources resources, StandInResource found)
    {
        (string state, string message, double copied) = resources.Copy(found);
        JsonObject table = found.Body.DeepClone().AsObject();
        table["unity_catalog_provisioning_state"] = found.GoneAt is null ? "ACTIVE" : "DELETING";
        table["data_synchronization_status"] = new JsonObject
        {
            ["detailed_state"] = state,
            ["message"] = message,
            ["pipeline_id"] = "pipeline-1",
            ["provisioning_status"] = new JsonObject { ["initial_pipeline_sync_progress"] = new JsonObject { ["sync_progress_completion"] = copied } },
        };
        return table;
    }
}
