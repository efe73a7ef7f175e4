using System.Text.Json;
using Orders.Tests.Support;

namespace Orders.Tests.OpenApi;

/// <summary>The details of each operation and type stand on it, and none is forgotten.</summary>
internal sealed class DocumentDetailsTests
{
    private RunningApi _api = null!;
    private JsonElement _document;

    private IEnumerable<JsonElement> Operations =>
        _document.GetProperty("paths").EnumerateObject().SelectMany(path => path.Value.EnumerateObject()).Select(operation => operation.Value);

    private IEnumerable<JsonElement> Parameters => Operations
        .Where(operation => operation.TryGetProperty("parameters", out _))
        .SelectMany(operation => operation.GetProperty("parameters").EnumerateArray());

    private IEnumerable<JsonProperty> Schemas => _document.GetProperty("components").GetProperty("schemas").EnumerateObject();

    private IEnumerable<(string Name, JsonElement Schema)> Members => Schemas
        .Where(schema => schema.Value.TryGetProperty("properties", out _))
        .SelectMany(schema => schema.Value.GetProperty("properties").EnumerateObject().Select(member => ($"{schema.Name}.{member.Name}", member.Value)));

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _api = await ResourcesDocument.ServeAsync();
        _document = (await _api.GetAsync("/openapi.json")).Json;
    }

    [OneTimeTearDown]
    public async Task StopAsync() => await _api.DisposeAsync();

    [Test]
    public void Every_whole_number_has_both_bounds_but_the_HTTP_status()
    {
        IEnumerable<(string Name, JsonElement Schema)> numbers = Members
            .Concat(Parameters.Select(parameter => (Text(parameter, "name"), parameter.GetProperty("schema"))))
            .Select(value => (value.Item1, Schema: value.Item2.TryGetProperty("items", out JsonElement items) ? items : value.Item2))
            .Where(value => Text(value.Schema, "type") == "integer");
        Assert.That(numbers.Count(), Is.GreaterThan(15));
        Assert.That(
            numbers.Where(number => !Has(number.Schema, "minimum") || !Has(number.Schema, "maximum")).Select(number => number.Name),
            Is.EquivalentTo(new[] { "Problem.status", "ErrorKind.status" }));
    }

    [Test]
    public void Every_list_of_orders_or_keys_has_a_bound() => Assert.That(
        Members.Where(member => Has(member.Schema, "maxItems")).Select(member => member.Name),
        Is.EquivalentTo(new[]
        {
            "OrderList.orders", "OrderList.missing_order_keys", "OrderPage.orders", "OrderSample.sample_order_keys", "OrderStream.orders",
            "OrderStatusUpdates.changes", "OrderStatusUpdateResults.results",
        }));

    [Test]
    public void Every_schema_and_every_parameter_that_needs_a_value_has_an_example()
    {
        IEnumerable<string> parameters = Parameters
            .Where(parameter => (Has(parameter, "required") || Has(parameter.GetProperty("schema"), "default")) && !Has(parameter, "examples"))
            .Select(parameter => Text(parameter, "name"));
        Assert.That(parameters.Concat(Schemas.Where(schema => !Has(schema.Value, "example")).Select(schema => schema.Name)), Is.Empty);
    }

    [Test]
    public void An_example_has_every_member_of_its_schema() => Assert.That(
        Schemas.Where(schema => Has(schema.Value, "required")).SelectMany(schema => schema.Value.GetProperty("required").EnumerateArray()
            .Where(name => !Has(schema.Value.GetProperty("example"), name.GetString()!))
            .Select(name => $"{schema.Name}.{name}")),
        Is.Empty);

    [Test]
    public void Every_parameter_and_member_is_described()
    {
        IEnumerable<string> members = Members.Where(member => !Has(member.Schema, "description") && !Has(member.Schema, "$ref")).Select(member => member.Name);
        Assert.That(
            members.Concat(Parameters.Where(parameter => !Has(parameter, "description")).Select(parameter => Text(parameter, "name"))), Is.Empty);
    }

    [Test]
    public void The_folder_of_the_documents_names_no_operation_parameter_member_or_schema()
    {
        string[] names =
        [
            .. Operations.Select(operation => Text(operation, "operationId")),
            .. Parameters.Select(parameter => Text(parameter, "name")),
            .. Members.Select(member => member.Name.Split('.')[1]),
            .. Schemas.Select(schema => schema.Name),
            .. _document.GetProperty("tags").EnumerateArray().Select(tag => Text(tag, "name")),
        ];
        string[] files = Directory.GetFiles(Path.Combine(SourceTree.Root, "Orders.Api", "OpenApi"), "*.cs", SearchOption.AllDirectories);
        IEnumerable<string> code = files.SelectMany(File.ReadLines).Where(line => !line.TrimStart().StartsWith("///", StringComparison.Ordinal));
        Assert.That(names, Does.Contain("countOrders").And.Contain("page_size").And.Contain("o_orderkey").And.Contain("Order").And.Contain("resources"));
        Assert.That(files, Is.Not.Empty);
        Assert.That(
            code.Where(line => names.Any(name => line.Contains($"\"{name}\"", StringComparison.Ordinal))),
            Is.Empty);
    }

    private static bool Has(JsonElement element, string name) => element.TryGetProperty(name, out _);

    private static string Text(JsonElement element, string name) => element.TryGetProperty(name, out JsonElement value) ? value.GetString()! : "";
}
