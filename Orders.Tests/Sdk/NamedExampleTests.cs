using System.Text;
using System.Text.Json;
using Orders.Tests.Support;

namespace Orders.Tests.Sdk;

/// <summary>The examples of one name in the OpenAPI document are a request and its answer, on the sample data.</summary>
internal sealed class NamedExampleTests
{
    private static IEnumerable<TestCaseData> Examples
    {
        get
        {
            using var document = JsonDocument.Parse(File.ReadAllText(Path.Combine(SourceTree.Root, "Orders.Api", "OpenApi", "openapi.json")));
            foreach (JsonProperty path in document.RootElement.GetProperty("paths").EnumerateObject())
            {
                foreach (JsonProperty operation in path.Value.EnumerateObject().Where(operation => operation.Name != "head"))
                {
                    foreach (string name in NamesOf(operation.Value))
                    {
                        yield return new TestCaseData(path.Name, operation.Name, operation.Value.Clone(), name)
                            .SetArgDisplayNames(operation.Value.GetProperty("operationId").GetString()!, name);
                    }
                }
            }
        }
    }

    [TestCaseSource(nameof(Examples))]
    public async Task A_request_is_answered_as_the_example_of_its_name(string path, string method, JsonElement operation, string name)
    {
        List<string> query = [];
        foreach (JsonElement parameter in ParametersOf(operation).Where(parameter => parameter.TryGetProperty("examples", out _)))
        {
            JsonElement value = parameter.GetProperty("examples").GetProperty(name).GetProperty("value");
            string text = value.ValueKind == JsonValueKind.Array ? string.Join(',', value.EnumerateArray()) : value.ToString();
            string parameterName = parameter.GetProperty("name").GetString()!;
            if (parameter.GetProperty("in").GetString() == "path")
            {
                path = path.Replace($"{{{parameterName}}}", text, StringComparison.Ordinal);
            }
            else
            {
                query.Add($"{parameterName}={text}");
            }
        }

        using var client = new HttpClient { BaseAddress = SampleApi.Url };
        using var request = new HttpRequestMessage(new HttpMethod(method.ToUpperInvariant()), $"{path}?{string.Join('&', query)}");
        if (operation.TryGetProperty("requestBody", out JsonElement body))
        {
            string json = body.GetProperty("content").GetProperty("application/json").GetProperty("examples").GetProperty(name).GetProperty("value").GetRawText();
            request.Content = new StringContent(json, Encoding.UTF8, "application/json");
        }

        using HttpResponseMessage answer = await client.SendAsync(request);
        using var answered = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        (string status, JsonElement example) = AnswerOf(operation, name);
        Assert.That($"{(int)answer.StatusCode}", Is.EqualTo(status), answered.RootElement.GetRawText());
        Assert.That(Members(answered.RootElement), Is.EqualTo(Members(example)));
        if (name != "success")
        {
            Assert.That(answered.RootElement.GetProperty("code").GetString(), Is.EqualTo(name));
        }
    }

    [Test]
    public void Errors_that_a_valid_request_is_sure_to_meet_have_one() => Assert.That(
        Examples.Select(example => $"{example.Arguments[3]}").Distinct(),
        Is.EquivalentTo(["success", "order_not_found", "precondition_failed"]));

    private static IEnumerable<string> Members(JsonElement answer) => answer.EnumerateObject().Select(member => member.Name);

    private static JsonElement[] ParametersOf(JsonElement operation) =>
        operation.TryGetProperty("parameters", out JsonElement parameters) ? [.. parameters.EnumerateArray()] : [];

    /// <summary>Of the requests; without any there is still the success.</summary>
    private static string[] NamesOf(JsonElement operation)
    {
        JsonElement[] holders = operation.TryGetProperty("requestBody", out JsonElement body)
            ? [.. ParametersOf(operation), body.GetProperty("content").GetProperty("application/json")]
            : ParametersOf(operation);
        return
        [
            .. holders.Where(holder => holder.TryGetProperty("examples", out _)).SelectMany(holder => holder.GetProperty("examples").EnumerateObject())
                .Select(example => example.Name).Append("success").Distinct(),
        ];
    }

    private static (string Status, JsonElement Example) AnswerOf(JsonElement operation, string name)
    {
        foreach (JsonProperty answer in operation.GetProperty("responses").EnumerateObject().Where(answer => answer.Value.TryGetProperty("content", out _)))
        {
            JsonElement content = answer.Value.GetProperty("content").EnumerateObject().Single().Value;
            if (content.GetProperty("examples").TryGetProperty(name, out JsonElement example))
            {
                return (answer.Name, example.GetProperty("value"));
            }
        }

        throw new AssertionException($"No answer has an example {name}.");
    }
}
