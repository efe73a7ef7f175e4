using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Orders.Tests.Lakebase.Support;

/// <summary><c>/api/2.0/postgres</c>, as Databricks' SDKs and its command line's own tests describe it: answers have a status and no spec, changes are operations.</summary>
internal static class StandInAutoscaling
{
    public static object? Answer(StandInResources resources, HttpRequest request, string path, JsonObject? body) => (request.Method, path.Split('/')) switch
    {
        ("POST", ["projects"]) => CreateProject(resources, $"projects/{request.Query["project_id"]}", body!),
        ("POST", [.. var parent, "branches"]) => CreateBranch(resources, $"{string.Join('/', parent)}/branches/{request.Query["branch_id"]}", body!),
        ("POST", [.. var parent, "endpoints"]) => resources.Below($"{string.Join('/', parent)}/endpoints").Any()
            ? new StandInWorkspace.Failure(409, """{"error_code":"CONFLICT","message":"read_write endpoint already exists"}""")
            : Create(resources, $"{string.Join('/', parent)}/endpoints/{request.Query["endpoint_id"]}", body!, resources.ServerTakes),
        ("POST", [.. var parent, "roles"]) => CreateRole(resources, string.Join('/', parent), body!),
        ("POST", ["catalogs"]) => CreateOn(resources, $"catalogs/{request.Query["catalog_id"]}", body!, TimeSpan.Zero),
        ("POST", ["synced_tables"]) => CreateOn(resources, $"synced_tables/{request.Query["synced_table_id"]}", body!, resources.CopyTakes),
        ("GET", [.., "operations", _]) => Operation(resources, path),
        ("GET", [.., "branches" or "endpoints" or "roles" or "databases"]) => Page(resources, path, request.Query["page_token"]),
        ("GET", ["projects", .., var kind, _]) when resources.Find(path) is { } found => Described(resources, path, kind, found),
        ("GET", _) when resources.Find(path) is { } found => Described(resources, path, path.Split('/')[0], found),
        ("DELETE", _) => resources.Delete(path) is StandInWorkspace.Failure failure ? failure : Begun(resources, path),
        _ => StandInResources.NotFound,
    };

    private static object CreateProject(StandInResources resources, string name, JsonObject body)
    {
        if (Create(resources, name, body, resources.ServerTakes) is StandInWorkspace.Failure failure)
        {
            return failure;
        }

        AddBranch(resources, $"{name}/branches/production", body);
        Role(resources, $"{name}/branches/production", resources.Caller);
        return Begun(resources, name);
    }

    private static object CreateBranch(StandInResources resources, string name, JsonObject body)
    {
        if (resources.Find(name) is not null)
        {
            return StandInResources.Taken;
        }

        AddBranch(resources, name, body);
        return Begun(resources, name);
    }

    private static void AddBranch(StandInResources resources, string name, JsonObject body)
    {
        resources.Add(name, [], resources.ServerTakes);
        var size = body["initial_endpoint_spec"]?.DeepClone().AsObject() ?? new JsonObject { ["autoscaling_limit_max_cu"] = 1 };
        resources.Add($"{name}/endpoints/primary", new JsonObject { ["spec"] = size }, resources.ServerTakes);
        resources.Add($"{name}/databases/databricks-postgres", new JsonObject { ["spec"] = new JsonObject { ["postgres_database"] = "databricks_postgres" } }, TimeSpan.Zero);
    }

    private static void Role(StandInResources resources, string branch, string name) => resources.Add(
        $"{branch}/roles/role-{name}", new JsonObject { ["spec"] = new JsonObject { ["postgres_role"] = name } }, TimeSpan.Zero);

    private static object CreateRole(StandInResources resources, string branch, JsonObject body)
    {
        string name = $"{branch}/roles/role-{body["spec"]!["postgres_role"]}";
        return Create(resources, name, body, TimeSpan.Zero) is JsonObject begun
            ? begun
            : new StandInWorkspace.Failure(400, """{"error_code":"BAD_REQUEST","message":"role with that name already exists"}""");
    }

    private static object CreateOn(StandInResources resources, string name, JsonObject body, TimeSpan takes) =>
        resources.Find($"{body["spec"]!["branch"]}") is { GoneAt: null } branch && branch.ReadyAt <= resources.Now
            ? Create(resources, name, body, takes)
            : new StandInWorkspace.Failure(404, """{"error_code":"NOT_FOUND","message":"branch id not found"}""");

    private static object Create(StandInResources resources, string name, JsonObject body, TimeSpan takes) =>
        resources.Add(name, body, takes) ? Begun(resources, name) : StandInResources.Taken;

    private static JsonObject Begun(StandInResources resources, string name) => Operation(resources, $"{name}/operations/1");

    /// <summary>Over when what it makes is usable, or what it deletes is gone.</summary>
    private static JsonObject Operation(StandInResources resources, string path)
    {
        StandInResource? target = resources.Find(path[..path.IndexOf("/operations/", StringComparison.Ordinal)]);
        bool done = target is null || (target.GoneAt is null && target.ReadyAt <= resources.Now);
        return new JsonObject { ["name"] = path, ["done"] = done };
    }

    /// <summary>One at a time, so that whoever lists has to turn pages.</summary>
    private static JsonObject Page(StandInResources resources, string path, string? token)
    {
        string[] names = [.. resources.Below(path).Where(name => !name[(path.Length + 1)..].Contains('/'))];
        int index = token is { Length: > 0 } ? int.Parse(token, System.Globalization.CultureInfo.InvariantCulture) : 0;
        string kind = path.Split('/')[^1];
        JsonNode[] items = index < names.Length ? [Described(resources, names[index], kind, resources.Find(names[index])!)] : [];
        return new JsonObject { [kind] = new JsonArray(items), ["next_page_token"] = index + 1 < names.Length ? $"{index + 1}" : "" };
    }

    private static JsonObject Described(StandInResources resources, string name, string kind, StandInResource found)
    {
        bool isReady = found.ReadyAt <= resources.Now;
        JsonObject status = found.Spec.DeepClone().AsObject();
        switch (kind)
        {
            case "branches":
                status["current_state"] = isReady ? "READY" : "INIT";
                break;
            case "endpoints":
                status["current_state"] = isReady ? "ACTIVE" : "INIT";
                status["hosts"] = isReady ? new JsonObject { ["host"] = "127.0.0.1" } : [];
                break;
            case "synced_tables":
                (string state, string message, double copied) = resources.Copy(found);
                status = new JsonObject
                {
                    ["project"] = string.Join('/', $"{found.Spec["branch"]}".Split('/')[..2]),
                    ["detailed_state"] = state,
                    ["message"] = message,
                    ["pipeline_id"] = "pipeline-1",
                    ["ongoing_sync_progress"] = new JsonObject { ["sync_progress_completion"] = copied },
                    ["unity_catalog_provisioning_state"] = found.GoneAt is null ? "ACTIVE" : "DELETING",
                };
                break;
        }

        var described = new JsonObject { ["name"] = name, ["status"] = status };
        if (kind == "projects" && found.GoneAt is not null)
        {
            described["delete_time"] = "2026-11-02T09:00:00Z";
        }

        return described;
    }
}
