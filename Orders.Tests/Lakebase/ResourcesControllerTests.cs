using System.Text.Json;
using Orders.Tests.Lakebase.Support;
using Orders.Tests.Support;

namespace Orders.Tests.Lakebase;

/// <summary>The operations on the resources from outside.</summary>
internal sealed class ResourcesControllerTests
{
    [Test]
    public async Task Creating_is_answered_at_once_joined_by_who_asks_again_and_told_of_until_it_is_over()
    {
        await using ResourcesService service = await ResourcesService.StartAsync();
        RunningApi.Answer first = await service.AskAsync(HttpMethod.Post, $"{ResourcesService.Create}?create_resources=true");
        RunningApi.Answer second = await service.AskAsync(HttpMethod.Post, $"{ResourcesService.Create}?create_resources=true");
        Assert.That((first.Status, first.Headers["Location"], first.Headers["Retry-After"], second.Status, second.Body), Is.EqualTo((202, "lakebase-resources", "10", 202, first.Body)));
        Assert.That(first.Json.EnumerateObject().Select(member => member.Name), Is.EqualTo(new[] { "instance", "catalog", "synced_table", "message" }));
        Assert.That(first.Json.GetProperty("synced_table").GetString(), Is.EqualTo(ResourcesRun.Table));

        RunningApi.Answer running = await service.AskAsync(HttpMethod.Get, ResourcesService.Status);
        Assert.That((running.Status, running.Json.GetProperty("operation").GetString(), running.Json.GetProperty("state").GetString(), running.Headers["Retry-After"]), Is.EqualTo((200, "create", "running", "10")));
        Assert.That(running.Json.GetProperty("ended_at").ValueKind, Is.EqualTo(JsonValueKind.Null));

        RunningApi.Answer over = await service.UntilOverAsync();
        Assert.That(over.Json.GetProperty("state").GetString(), Is.EqualTo("succeeded"), over.Body);
        Assert.That(over.Json.GetProperty("steps").EnumerateArray().Select(step => step.GetProperty("state").GetString()), Is.All.EqualTo("done"));
        Assert.That(over.Json.GetProperty("pipeline").GetProperty("state").GetString(), Is.EqualTo("SYNCED_TABLE_ONLINE_NO_PENDING_UPDATE"));
        Assert.That(over.Headers, Does.Not.ContainKey("Retry-After"));
        Assert.That(service.Resources.Changes.Select(change => change.Call), Is.Unique);
    }

    [Test]
    public async Task Who_says_the_presets_joins_who_left_them_out()
    {
        await using ResourcesService service = await ResourcesService.StartAsync();
        await service.AskAsync(HttpMethod.Post, $"{ResourcesService.Create}?create_resources=true");
        RunningApi.Answer said = await service.AskAsync(
            HttpMethod.Post, $"{ResourcesService.Create}?create_resources=true&capacity=CU_1&node_count=1&enable_readable_secondaries=false&retention_window_in_days=7");
        Assert.That(said.Status, Is.EqualTo(202), said.Body);
    }

    [Test]
    public async Task Another_operation_has_to_wait_for_the_end_of_the_first()
    {
        await using ResourcesService service = await ResourcesService.StartAsync();
        await service.AskAsync(HttpMethod.Post, $"{ResourcesService.Create}?create_resources=true");
        RunningApi.Answer opposite = await service.AskAsync(HttpMethod.Delete, $"{ResourcesService.Delete}?confirm_deletion=true");
        RunningApi.Answer larger = await service.AskAsync(HttpMethod.Post, $"{ResourcesService.Create}?create_resources=true&capacity=CU_8");
        Assert.That((opposite.Status, opposite.Code, larger.Status), Is.EqualTo((409, "resources_busy", 409)));
        await service.UntilOverAsync();
        RunningApi.Answer begun = await service.AskAsync(HttpMethod.Delete, $"{ResourcesService.Delete}?confirm_deletion=true");
        Assert.That((begun.Status, begun.Body), Is.EqualTo((202, """{"deleted_resources":[],"failed_deletions":[],"message":"The resources are being deleted. It takes minutes."}""")));
        JsonElement over = (await service.UntilOverAsync()).Json;
        Assert.That(over.GetProperty("deleted_resources").EnumerateArray().Select(name => name.GetString()), Is.EqualTo(new[]
        {
            $"Synced table: {ResourcesRun.Table}", $"Catalog: {ResourcesRun.Catalog}", $"Database instance: {StandInWorkspace.Instance}",
        }));
        Assert.That(over.GetProperty("message").GetString(), Is.EqualTo("All 3 resources deleted successfully."));
    }

    [Test]
    public async Task A_failure_is_told_with_what_mends_it()
    {
        await using ResourcesService service = await ResourcesService.StartAsync();
        service.Resources.Refuse = call => call.StartsWith("POST", StringComparison.Ordinal) ? new StandInWorkspace.Failure(403, """{"error_code":"PERMISSION_DENIED","message":"No."}""") : null;
        await service.AskAsync(HttpMethod.Post, $"{ResourcesService.Create}?create_resources=true");
        JsonElement over = (await service.UntilOverAsync()).Json;
        Assert.That(over.GetProperty("state").GetString(), Is.EqualTo("failed"));
        Assert.That(over.GetProperty("steps")[0].GetProperty("detail").GetString(), Does.Contain("No. (PERMISSION_DENIED) It takes the right to create"));
    }

    [Test]
    public async Task After_a_restart_the_workspace_tells_how_far_it_is_and_asking_again_goes_on()
    {
        await using ResourcesService service = await ResourcesService.StartAsync();
        await service.AskAsync(HttpMethod.Post, $"{ResourcesService.Create}?create_resources=true");
        await service.UntilAsync(answer => answer.Body.Contains("SYNCED_TABLE_PROVISIONING", StringComparison.Ordinal));
        await service.RestartAsync();
        RunningApi.Answer status = await service.AskAsync(HttpMethod.Get, ResourcesService.Status);
        Assert.That((status.Json.GetProperty("operation").GetString(), status.Json.GetProperty("state").GetString()), Is.EqualTo(("none", "incomplete")), status.Body);
        Assert.That(status.Json.GetProperty("message").GetString(), Does.Contain("goes on from here"));
        await service.AskAsync(HttpMethod.Post, $"{ResourcesService.Create}?create_resources=true");
        Assert.That((await service.UntilOverAsync()).Json.GetProperty("state").GetString(), Is.EqualTo("succeeded"));
        Assert.That(service.Resources.Changes.Select(change => change.Call), Is.Unique);
    }

    [Test]
    public async Task A_workspace_that_does_not_tell_is_a_503()
    {
        await using ResourcesService service = await ResourcesService.StartAsync();
        service.Workspace.Failing = new StandInWorkspace.Failure(429, "", RetryAfter: 5);
        RunningApi.Answer answer = await service.PassAsync(service.AskAsync(HttpMethod.Get, ResourcesService.Status));
        Assert.That((answer.Status, answer.Code, answer.Headers["Retry-After"]), Is.EqualTo((503, "workspace_unavailable", "10")), answer.Body);
        Assert.That(answer.Detail, Does.Not.Contain("127.0.0.1"));
    }
}
