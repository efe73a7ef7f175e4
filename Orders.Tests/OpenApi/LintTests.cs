using System.Text.Json;
using System.Text.Json.Nodes;
using Orders.Tests.Support;

namespace Orders.Tests.OpenApi;

/// <summary>The committed documents pass the strictest rules of two linters; what is switched off stands in <c>Orders.Tests/Node</c>.</summary>
internal sealed class LintTests
{
    private const string Spectral = "spectral";
    private const string Redocly = "redocly";

    [Test]
    public async Task The_linters_find_nothing([Values(Spectral, Redocly)] string linter, [Values("openapi.json", "openapi.v3.1.json")] string file) =>
        Assert.That(await LintAsync(linter, Committed(file)), Is.Empty);

    [Test]
    public async Task They_find_nothing_with_the_operations_on_the_resources_either([Values(Spectral, Redocly)] string linter, [Values("/openapi.json", "/openapi/v3.1.json")] string path)
    {
        await using RunningApi api = await ResourcesDocument.ServeAsync();
        string document = (await api.GetAsync(path)).Body;
        Assert.That(document, Does.Contain("createLakebaseResources").And.Contain("deleteLakebaseResources").And.Contain("getLakebaseResources").And.Contain("bearer"));
        Assert.That(document, Does.Not.Contain("Orders.Api").And.Not.Contain("Response\"").And.Not.Contain("System."));
        Assert.That(await InFileAsync(document, file => LintAsync(linter, file)), Is.Empty);
    }

    [Test]
    public async Task An_operation_without_a_name_is_found([Values(Spectral, Redocly)] string linter)
    {
        string[] findings = await LintChangedAsync(linter, document => Operation(document).Remove("operationId"));
        Assert.That(findings, Does.Contain("operation-operationId"));
    }

    [TestCase(Spectral, "oas3-schema")]
    [TestCase(Redocly, "struct")]
    public async Task A_type_that_does_not_exist_is_found(string linter, string rule)
    {
        string[] findings = await LintChangedAsync(linter, document => Order(document)["o_orderkey"]!["type"] = "long");
        Assert.That(findings, Does.Contain(rule));
    }

    private static JsonObject Operation(JsonNode document) => document["paths"]!["/api/v1/orders/count"]!["get"]!.AsObject();

    private static JsonNode Order(JsonNode document) => document["components"]!["schemas"]!["Order"]!["properties"]!;

    private static async Task<string[]> LintChangedAsync(string linter, Action<JsonNode> change)
    {
        JsonNode document = JsonNode.Parse(await File.ReadAllTextAsync(Committed("openapi.json")))!;
        change(document);
        return await InFileAsync(document.ToJsonString(), file => LintAsync(linter, file));
    }

    private static async Task<string[]> InFileAsync(string document, Func<string, Task<string[]>> lint)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("orders-tests-");
        try
        {
            string file = Path.Combine(folder.FullName, "openapi.json");
            await File.WriteAllTextAsync(file, document);
            return await lint(file);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>The names of the rules that the document breaks.</summary>
    private static async Task<string[]> LintAsync(string linter, string document)
    {
        string[] arguments = linter == Spectral
            ? ["lint", "--quiet", "--fail-severity=hint", "--format=json", document]
            : ["lint", "--format=json", document];
        NodeProject.Result result = await NodeProject.RunPackageAsync(linter, arguments);
        Assert.That(result.Output, Is.Not.Empty, result.Errors);
        JsonElement json = JsonDocument.Parse(result.Output).RootElement;
        string[] findings = linter == Spectral
            ? [.. json.EnumerateArray().Select(finding => finding.GetProperty("code").GetString()!)]
            : [.. json.GetProperty("problems").EnumerateArray().Select(problem => problem.GetProperty("ruleId").GetString()!)];
        Assert.That(result.ExitCode == 0, Is.EqualTo(findings.Length == 0), result.Output + result.Errors);
        return findings;
    }

    private static string Committed(string file) => Path.Combine(SourceTree.Root, "Orders.Api", "OpenApi", file);
}
