using Orders.Tests.Lakebase.Support;
using Orders.Tests.Support;

namespace Orders.Tests.Lakebase;

/// <summary>Who may use the operations on the resources, and what they take.</summary>
internal sealed class ResourcesAccessTests
{
    [Test]
    public async Task Without_a_key_in_the_settings_there_are_no_such_operations()
    {
        await using ResourcesService service = await ResourcesService.StartAsync(key: null);
        foreach ((HttpMethod method, string path) in new[] { (HttpMethod.Post, ResourcesService.Create), (HttpMethod.Delete, ResourcesService.Delete), (HttpMethod.Get, ResourcesService.Status) })
        {
            RunningApi.Answer answer = await service.SendAsync(method, path);
            Assert.That((answer.Status, answer.Code), Is.EqualTo((404, "not_found")), path);
        }

        Assert.That((await service.Api.GetAsync("/openapi.json")).Body, Does.Not.Contain("/resources"));
    }

    [TestCase("")]
    [TestCase("Bearer another-key-of-more-than-thirty-two-characters")]
    [TestCase("Bearer ")]
    [TestCase("Basic " + ResourcesService.Key)]
    [TestCase(ResourcesService.Key)]
    public async Task Who_has_not_the_key_is_refused_before_anything_else(string authorization)
    {
        await using ResourcesService service = await ResourcesService.StartAsync();
        foreach ((HttpMethod method, string path) in new[] { (HttpMethod.Post, $"{ResourcesService.Create}?create_resources=true"), (HttpMethod.Post, ResourcesService.Create), (HttpMethod.Delete, $"{ResourcesService.Delete}?confirm_deletion=true"), (HttpMethod.Get, ResourcesService.Status) })
        {
            RunningApi.Answer answer = await service.SendAsync(method, path, authorization);
            Assert.That((answer.Status, answer.Code, answer.ContentType), Is.EqualTo((401, "unauthenticated", "application/problem+json")), path);
            Assert.That(answer.Headers["WWW-Authenticate"], Does.StartWith("Bearer"));
        }

        Assert.That(service.Resources.Changes, Is.Empty);
    }

    [Test]
    public async Task Headers_that_a_proxy_would_send_open_nothing()
    {
        await using ResourcesService service = await ResourcesService.StartAsync();
        RunningApi.Answer answer = await service.Api.GetAsync(ResourcesService.Status, ("X-Forwarded-User", "admin"), ("X-Forwarded-Email", "admin@example.com"));
        Assert.That(answer.Status, Is.EqualTo(401));
    }

    [Test]
    public async Task Who_does_not_confirm_gets_the_recipes_answer_and_nothing_is_done()
    {
        await using ResourcesService service = await ResourcesService.StartAsync();
        RunningApi.Answer created = await service.AskAsync(HttpMethod.Post, $"{ResourcesService.Create}?create_resources=false");
        RunningApi.Answer deleted = await service.AskAsync(HttpMethod.Delete, $"{ResourcesService.Delete}?confirm_deletion=0");
        Assert.That((created.Status, created.Body), Is.EqualTo((
            200, """{"instance":"","catalog":"","synced_table":"","message":"No resources were created (create_resources=False)"}""")));
        Assert.That((deleted.Status, deleted.Body), Is.EqualTo((
            200, """{"deleted_resources":[],"failed_deletions":[],"message":"No resources were deleted (confirm_deletion=False)"}""")));
        Assert.That(service.Resources.Changes, Is.Empty);
    }

    [Test]
    public async Task Bad_parameters_are_told_all_at_once()
    {
        await using ResourcesService service = await ResourcesService.StartAsync();
        RunningApi.Answer answer = await service.AskAsync(HttpMethod.Post, $"{ResourcesService.Create}?capacity=CU_3&node_count=9&enable_readable_secondaries=perhaps&retention_window_in_days=1");
        Assert.That((answer.Status, answer.Code), Is.EqualTo((422, "validation_failed")));
        Assert.That(answer.Json.GetProperty("errors").ToString(), Is.EqualTo(
            """{"capacity":["has to be one of CU_1, CU_2, CU_4, CU_8"],"create_resources":["has to be true or false"],"enable_readable_secondaries":["has to be true or false"],"node_count":["has to be from 1 to 4"],"retention_window_in_days":["has to be from 2 to 35"]}"""));
    }

    [TestCase("create_resources=", "create_resources")]
    [TestCase("create_resources=yes", "create_resources")]
    [TestCase("create_resources=true&create_resources=true", "create_resources")]
    [TestCase("create_resources=true&capacity=CU_1&capacity=CU_2", "capacity")]
    [TestCase("create_resources=true&capacity=", "capacity")]
    [TestCase("create_resources=true&node_count=two", "node_count")]
    [TestCase("create_resources=true&enable_readable_secondaries=true", "enable_readable_secondaries")]
    [TestCase("create_resources=true&retention_window_in_days=36", "retention_window_in_days")]
    public async Task A_bad_parameter_is_named(string query, string name)
    {
        await using ResourcesService service = await ResourcesService.StartAsync();
        RunningApi.Answer answer = await service.AskAsync(HttpMethod.Post, $"{ResourcesService.Create}?{query}");
        Assert.That((answer.Status, answer.Json.GetProperty("errors").EnumerateObject().Single().Name), Is.EqualTo((422, name)), answer.Body);
    }

    [Test]
    public async Task A_deletion_has_to_be_confirmed_one_way_or_the_other()
    {
        await using ResourcesService service = await ResourcesService.StartAsync();
        RunningApi.Answer answer = await service.AskAsync(HttpMethod.Delete, ResourcesService.Delete);
        Assert.That((answer.Status, answer.Detail), Is.EqualTo((422, "confirm_deletion has to be true or false.")));
    }

    [TestCase("GET", ResourcesService.Create, "POST")]
    [TestCase("POST", ResourcesService.Delete, "DELETE")]
    [TestCase("DELETE", ResourcesService.Status, "GET, HEAD")]
    public async Task A_wrong_method_is_told_the_right_one(string method, string path, string allowed)
    {
        await using ResourcesService service = await ResourcesService.StartAsync();
        RunningApi.Answer answer = await service.AskAsync(new HttpMethod(method), path);
        Assert.That((answer.Status, answer.Headers["Allow"]), Is.EqualTo((405, allowed)));
    }

    [Test]
    public async Task HEAD_tells_what_GET_tells_without_a_body()
    {
        await using ResourcesService service = await ResourcesService.StartAsync();
        RunningApi.Answer get = await service.AskAsync(HttpMethod.Get, ResourcesService.Status);
        RunningApi.Answer head = await service.AskAsync(HttpMethod.Head, ResourcesService.Status);
        Assert.That((get.Status, head.Status, head.Body, head.ContentType), Is.EqualTo((200, 200, "", get.ContentType)));
    }
}
