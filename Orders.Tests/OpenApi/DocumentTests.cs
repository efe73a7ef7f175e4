using System.Text.Json;
using Orders.Tests.Support;

namespace Orders.Tests.OpenApi;

/// <summary>The committed documents are the served ones, so that a change of the contract shows in review.</summary>
internal sealed class DocumentTests
{
    private RunningApi _api = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => _api = await RunningApi.StartAsync("Host=127.0.0.1;Port=1;Username=nobody;Database=nowhere");

    [OneTimeTearDown]
    public async Task StopAsync() => await _api.DisposeAsync();

    [TestCase("/openapi.json", "openapi.json")]
    [TestCase("/openapi/v3.1.json", "openapi.v3.1.json")]
    public async Task The_committed_document_is_the_served_one(string path, string file)
    {
        string committed = Path.Combine(SourceTree.Root, "Orders.Api", "OpenApi", file);
        RunningApi.Answer answer = await _api.GetAsync(path);
        Assert.That(answer.Status, Is.EqualTo(200), answer.Body);
        string served = answer.Body.ReplaceLineEndings("\n").TrimEnd() + "\n";

        // ORDERS_WRITE_OPENAPI=1 ./dev test DocumentTests writes them anew.
        if (Environment.GetEnvironmentVariable("ORDERS_WRITE_OPENAPI") == "1")
        {
            await File.WriteAllTextAsync(committed, served);
        }

        Assert.That(await File.ReadAllTextAsync(committed), Is.EqualTo(served));
    }

    [TestCase("/openapi.json", "3.0.4")]
    [TestCase("/openapi/v3.1.json", "3.1.1")]
    public async Task Every_operation_reads_well_as_a_method(string path, string version)
    {
        JsonElement document = (await _api.GetAsync(path)).Json;
        string[] names = [.. document.GetProperty("paths").EnumerateObject()
            .SelectMany(item => item.Value.EnumerateObject())
            .Select(operation => operation.Value.GetProperty("operationId").GetString()!)];
        Assert.That(document.GetProperty("openapi").GetString(), Does.StartWith(version[..3]));
        Assert.That(names, Is.EquivalentTo(new[]
        {
            "countOrders", "sampleOrderKeys", "listOrdersByPage", "streamOrders", "getOrder", "getOrders", "updateOrderStatus", "updateOrderStatuses",
            "getService", "getHealthcheck", "getLiveness", "getReadiness", "listProblems", "getProblem",
        }));
    }

    [Test]
    public async Task Nothing_of_the_code_shows()
    {
        string document = (await _api.GetAsync("/openapi.json")).Body;
        Assert.That(document, Does.Not.Contain("Orders.Api").And.Not.Contain("Response\"").And.Not.Contain("oneOf").And.Not.Contain("System."));
    }

    [Test]
    public async Task Every_answer_has_a_schema_and_an_example_and_every_error_is_a_problem()
    {
        JsonElement document = (await _api.GetAsync("/openapi.json")).Json;
        foreach (JsonProperty operation in document.GetProperty("paths").EnumerateObject().SelectMany(path => path.Value.EnumerateObject()))
        {
            foreach (JsonProperty answer in operation.Value.GetProperty("responses").EnumerateObject())
            {
                if (answer.Name == "304")
                {
                    Assert.That(answer.Value.TryGetProperty("content", out _), Is.False, "It has no body.");
                    continue;
                }

                string type = answer.Name == "200" ? "application/json" : "application/problem+json";
                JsonElement content = answer.Value.GetProperty("content").GetProperty(type);
                Assert.That(content.GetProperty("schema").GetProperty("$ref").GetString(), Is.Not.Empty);
                Assert.That(content.TryGetProperty("example", out _) || content.TryGetProperty("examples", out _), Is.True, $"{operation.Value.GetProperty("operationId")} {answer.Name}");
            }
        }
    }
}
