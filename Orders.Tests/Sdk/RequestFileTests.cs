using System.Text.Json;
using System.Text.RegularExpressions;
using Orders.Tests.Lakebase.Support;
using Orders.Tests.Support;

namespace Orders.Tests.Sdk;

/// <summary><c>orders.http</c> has every call, and each is answered as its title says.</summary>
internal sealed class RequestFileTests
{
    private const string Resources = "/api/v1/resources/";

    /// <summary>What is served beside the operations of the OpenAPI document.</summary>
    private static readonly string[] Documents = ["/docs", "/openapi.json", "/openapi/v3.1.json"];

    private static IEnumerable<RequestFile.Request> Requests => RequestFile.Requests.Where(request => !request.Path.StartsWith(Resources, StringComparison.Ordinal));

    [Test]
    public async Task Every_operation_of_the_document_is_in_the_file()
    {
        JsonElement paths = await ReadPathsAsync();
        string[] operations = [.. paths.EnumerateObject().SelectMany(path => path.Value.EnumerateObject().Where(operation => operation.Name != "head").Select(operation => $"{operation.Name.ToUpperInvariant()} {path.Name}"))];
        string[] calls = [.. RequestFile.Requests.Select(request => $"{request.Method} {PathOf(request, paths)}")];
        Assert.That(operations, Has.Length.EqualTo(2 + 15));
        Assert.That(operations.Except(calls), Is.Empty);
        Assert.That(Documents.Select(document => $"GET {document}").Except(calls), Is.Empty);
    }

    [Test]
    public async Task No_path_in_the_file_is_unknown()
    {
        JsonElement paths = await ReadPathsAsync();
        Assert.That(RequestFile.Requests.Where(request => PathOf(request, paths) is null), Is.Empty);
    }

    /// <summary>Those on the resources are left out: they take a workspace.</summary>
    [TestCaseSource(nameof(Requests))]
    public async Task A_call_is_answered_as_its_title_says(RequestFile.Request request)
    {
        using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = SampleApi.Url };
        using HttpRequestMessage message = request.ToMessage();
        using HttpResponseMessage response = await client.SendAsync(message);
        string body = await response.Content.ReadAsStringAsync();
        Assert.That((int)response.StatusCode, Is.EqualTo(request.Status), body);
        if (request.Status >= 400)
        {
            Assert.That(request.Title, Does.StartWith(JsonDocument.Parse(body).RootElement.GetProperty("code").GetString()!));
        }
    }

    /// <returns>The path of the document that a request meets: one in full before one with a key. Null when there is none.</returns>
    private static string? PathOf(RequestFile.Request request, JsonElement paths)
    {
        string[] known = [.. paths.EnumerateObject().Select(path => path.Name), .. Documents];
        return known.Contains(request.Path)
            ? request.Path
            : known.SingleOrDefault(path => Regex.IsMatch(request.Path, $"^{Regex.Replace(path, "{[a-z_]+}", "[^/]+")}$"));
    }

    /// <summary>With the operations on the resources, which are there only with their key.</summary>
    private static async Task<JsonElement> ReadPathsAsync()
    {
        Dictionary<string, string?> settings = ResourcesRun.Settings(LakebaseProduct.Provisioned, "http://127.0.0.1:1");
        (settings["Lakebase:Host"], settings["Lakebase:Port"], settings["Lakebase:ResourcesKey"]) = ("127.0.0.1", "1", "a-key-of-more-than-thirty-two-characters");
        await using RunningApi api = await RunningApi.StartAsync("", [.. settings.Select(pair => $"--{pair.Key}={pair.Value}")]);
        return (await api.GetAsync("/openapi.json")).Json.GetProperty("paths");
    }
}
