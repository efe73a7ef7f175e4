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
        }.SelectMany(name => name.StartsWith("update", StringComparison.Ordinal) ? [name] : (string[])[name, $"{name}Head"])));
    }

    [Test]
    public async Task Each_description_stands_alone()
    {
        JsonElement document = (await _api.GetAsync("/openapi.json")).Json;
        foreach (JsonElement operation in document.GetProperty("paths").EnumerateObject().SelectMany(path => path.Value.EnumerateObject()).Select(operation => operation.Value))
        {
            string description = operation.GetProperty("description").GetString()!;
            Assert.That(description, Does.StartWith(operation.GetProperty("summary").GetString()!).Or.Contain("without the body"));
        }
    }

    [Test]
    public async Task Each_GET_has_its_HEAD_with_the_same_answers()
    {
        JsonElement document = (await _api.GetAsync("/openapi.json")).Json;
        foreach (JsonElement path in document.GetProperty("paths").EnumerateObject().Select(path => path.Value).Where(path => path.TryGetProperty("get", out _)))
        {
            (JsonElement get, JsonElement head) = (path.GetProperty("get"), path.GetProperty("head"));
            Assert.That(Answers(head), Is.EqualTo(Answers(get)));
            Assert.That(head.TryGetProperty("parameters", out JsonElement of) ? of.GetRawText() : "", Is.EqualTo(get.TryGetProperty("parameters", out JsonElement parameters) ? parameters.GetRawText() : ""));
        }

        static string[] Answers(JsonElement operation) => [.. operation.GetProperty("responses").EnumerateObject().Select(answer => answer.Name)];
    }

    [Test]
    public async Task Generators_of_Kiota_find_the_message_of_an_error_and_the_names_of_values()
    {
        JsonElement schemas = (await _api.GetAsync("/openapi.json")).Json.GetProperty("components").GetProperty("schemas");
        Assert.That(schemas.GetProperty("Problem").GetProperty("properties").GetProperty("detail").GetProperty("x-ms-primary-error-message").GetBoolean(), Is.True);
        JsonElement[] enums = [.. schemas.EnumerateObject().Select(schema => schema.Value).Where(schema => schema.TryGetProperty("enum", out _))];
        Assert.That(enums, Has.Length.EqualTo(3));
        foreach (JsonElement schema in enums)
        {
            JsonElement[] named = [.. schema.GetProperty("x-ms-enum").GetProperty("values").EnumerateArray()];
            Assert.That(named.Select(value => value.GetProperty("value").GetString()), Is.EqualTo(schema.GetProperty("enum").EnumerateArray().Select(value => value.GetString())));
            Assert.That(named.Select(value => value.GetProperty("name").GetString()), Is.EqualTo(schema.GetProperty("x-enumNames").EnumerateArray().Select(value => value.GetString())));
        }
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
                Assert.That(answer.Value.GetProperty("headers").TryGetProperty("Trace-Id", out _), Is.True);
                if (answer.Name is "302" or "304" || operation.Name == "head")
                {
                    Assert.That(answer.Value.TryGetProperty("content", out _), Is.False, "It has no body.");
                    continue;
                }

                string type = answer.Name == "200" ? "application/json" : "application/problem+json";
                JsonElement content = answer.Value.GetProperty("content").GetProperty(type);
                Assert.That(content.GetProperty("schema").GetProperty("$ref").GetString(), Is.Not.Empty);
                Assert.That(content.GetProperty("examples").EnumerateObject().Select(example => example.Name), Is.Not.Empty, $"{operation.Value.GetProperty("operationId")} {answer.Name}");
            }
        }
    }
}
