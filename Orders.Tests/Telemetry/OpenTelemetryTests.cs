using System.Diagnostics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Orders.Api.Telemetry;
using Orders.Application;
using Orders.Tests.Support;

namespace Orders.Tests.Telemetry;

/// <summary>What a collector gets, by both protocols; and that without one nothing listens.</summary>
internal sealed class OpenTelemetryTests
{
    private const string TraceId = "0af7651916cd43dd8448eb211c80319c";
    private const string Traceparent = $"00-{TraceId}-b7ad6b7169203331-01";

    [TestCase(true)]
    [TestCase(false)]
    public async Task A_requests_trace_leads_down_to_the_statement(bool isGrpc)
    {
        await using OtlpReceiver receiver = await OtlpReceiver.StartAsync(isGrpc);
        await using TestDatabase database = await TestDatabase.CreateAsync(1);
        using ApiProcess process = Start(database, receiver);
        using var client = new HttpClient { BaseAddress = await process.ListeningAsync() };
        await GetAsync(client, "/api/v1/orders/1", Traceparent);
        await receiver.UntilAsync(got => Spans(got).Select(span => span.Scope).Distinct().Count() == 3 && Spans(got).Any(span => span.Scope == "Microsoft.AspNetCore"));
        OtlpReceiver.Span request = Spans(receiver).Single(span => span.Scope == "Microsoft.AspNetCore");
        OtlpReceiver.Span statement = Spans(receiver).Single(span => span.Name == "statement find");
        OtlpReceiver.Span query = Spans(receiver).Single(
            span => span.ParentId == statement.Id && span.Attributes.GetValueOrDefault("db.query.text") is string sql && sql.EndsWith("where o_orderkey = $1", StringComparison.Ordinal));
        Assert.That(request.ParentId, Is.EqualTo("b7ad6b7169203331"));
        Assert.That(statement.ParentId, Is.EqualTo(request.Id));
        Assert.That(statement.Links, Is.EqualTo(new[] { (TraceId, request.Id) }));
        Assert.That(request.Links, Is.EqualTo(new[] { (TraceId, statement.Id) }));
        Assert.That(request.Attributes["http.route"], Is.EqualTo("api/v1/orders/{order_key}"));
        Assert.That(request.Attributes["orders.wait.duration"], Is.InstanceOf<double>());
        Assert.That(request.Attributes["orders.database.duration"], Is.GreaterThan(0.0));
        Assert.That(query.Scope, Is.EqualTo("Npgsql"));
        Assert.That(query.Attributes.Values.OfType<string>(), Has.None.Contains("Username="));
        Assert.That(receiver.Resource["service.name"], Is.EqualTo("orders"));

        static IEnumerable<OtlpReceiver.Span> Spans(OtlpReceiver receiver) => receiver.Spans.Where(span => span.TraceId == TraceId);
    }

    [Test]
    public async Task Requests_that_share_a_statement_link_to_it_and_it_links_to_them()
    {
        await using OtlpReceiver receiver = await OtlpReceiver.StartAsync();
        await using TestDatabase database = await TestDatabase.CreateAsync(Enumerable.Range(1, 6).Select(key => (long)key));
        using ApiProcess process = Start(database, receiver);
        using var client = new HttpClient { BaseAddress = await process.ListeningAsync() };
        await GetAsync(client, "/api/v1/orders/1");
        List<Task<int>> answers;
        await using (LockedTable locked = await LockedTable.TakeAsync(database))
        {
            answers = [GetAsync(client, "/api/v1/orders/1")];
            await locked.WaitForBlockedAsync(1);
            answers.Add(GetAsync(client, "/api/v1/orders/2"));
            await locked.WaitForBlockedAsync(2);
            answers.AddRange(Enumerable.Range(3, 4).Select(key => GetAsync(client, $"/api/v1/orders/{key}")));
            await receiver.UntilAsync(got => Active(got) == 6);
        }

        Assert.That(await Task.WhenAll(answers), Is.All.EqualTo(200));
        await receiver.UntilAsync(got => Requests(got).Count() == 7);
        OtlpReceiver.Span[] statements = [.. receiver.Spans.Where(span => span.Name == "statement find")];
        Assert.That(statements.Sum(span => (long)span.Attributes["orders.statement.requests"]), Is.EqualTo(7));
        foreach (OtlpReceiver.Span statement in statements)
        {
            string[] linking = [.. Requests(receiver).Where(request => request.Links.Contains((statement.TraceId, statement.Id))).Select(request => request.Id)];
            Assert.That(linking, Is.EquivalentTo(statement.Links.Select(link => link.Id)));
            Assert.That(linking, Has.Length.EqualTo((long)statement.Attributes["orders.statement.requests"]));
        }

        static IEnumerable<OtlpReceiver.Span> Requests(OtlpReceiver receiver) => receiver.Spans.Where(span => span.Scope == "Microsoft.AspNetCore");
        static double? Active(OtlpReceiver receiver) => receiver.Points.LastOrDefault(point => point.Name == "http.server.active_requests")?.Value;
    }

    [Test]
    public async Task A_caller_decides_whether_its_trace_is_kept_and_a_page_tells_how_it_was_found()
    {
        await using OtlpReceiver receiver = await OtlpReceiver.StartAsync();
        await using TestDatabase database = await TestDatabase.CreateAsync(1, 2, 3);
        using ApiProcess process = Start(database, receiver);
        using var client = new HttpClient { BaseAddress = await process.ListeningAsync() };
        await GetAsync(client, "/api/v1/orders/1", Traceparent[..^1] + "0");
        await GetAsync(client, "/health/live");
        await GetAsync(client, "/api/v1/orders/pages?page=2&page_size=2");
        await receiver.UntilAsync(got => got.Spans.Any(span => span.Attributes.ContainsKey("orders.page.found_by")));
        Assert.That(receiver.Spans.Select(span => span.TraceId), Has.None.EqualTo(TraceId));
        OtlpReceiver.Span page = receiver.Spans.Single(span => span.Scope == "Microsoft.AspNetCore");
        Assert.That(page.Attributes["orders.page.found_by"], Is.EqualTo("key index"));
    }

    [Test]
    public async Task Metrics_have_their_names_units_and_bounded_labels()
    {
        await using OtlpReceiver receiver = await OtlpReceiver.StartAsync();
        await using TestDatabase database = await TestDatabase.CreateAsync(1);
        using ApiProcess process = Start(database, receiver);
        using var client = new HttpClient { BaseAddress = await process.ListeningAsync() };
        await GetAsync(client, "/api/v1/orders/1");
        await GetAsync(client, "/api/v1/orders/count");
        await GetAsync(client, "/no/such/path");
        (string Name, string Unit)[] expected =
        [
            ("http.server.request.duration", "s"), ("db.client.operation.duration", "s"), ("db.client.connection.max", "{connection}"),
            ("orders.coalescing.batch.size", "{request}"), ("orders.coalescing.wait.duration", "s"), ("orders.circuit_breaker.state", ""),
            ("orders.key_index.age", "s"), ("orders.key_index.duration", "s"), ("orders.key_index.blocks", "{block}"),
            ("orders.count.requests", "{request}"), ("orders.authentication.results", "{request}"),
        ];
        await receiver.UntilAsync(got => Array.TrueForAll(expected, one => got.Points.Any(point => (point.Name, point.Unit) == one)));
        Assert.That(receiver.Points.Where(point => point.Name == "http.server.request.duration").Select(point => point.Attributes.GetValueOrDefault("http.route")).Distinct(), Is.SubsetOf(
            new object?[] { "api/v1/orders/{order_key}", "api/v1/orders/count", null }));
        Assert.That(receiver.Points.SelectMany(point => point.Attributes.Values).OfType<string>(), Has.None.Contains("Username").And.None.Contains("Password").And.None.Contains("/no/such"));
        Assert.That(receiver.Points.Where(point => point.Name == "orders.coalescing.batch.size").Select(point => point.Attributes["orders.statement"]), Does.Contain("find"));
    }

    [Test]
    public async Task Lines_of_the_log_are_sent_with_their_trace()
    {
        await using OtlpReceiver receiver = await OtlpReceiver.StartAsync();
        await using TestDatabase database = await TestDatabase.CreateAsync(1);
        using ApiProcess process = Start(database, receiver);
        using var client = new HttpClient { BaseAddress = await process.ListeningAsync() };
        await GetAsync(client, "/api/v1/orders/1", Traceparent);
        await receiver.UntilAsync(got => got.Records.Any(record => record.TraceId == TraceId));
        OtlpReceiver.Record line = receiver.Records.Single(record => record.TraceId == TraceId);
        Assert.That(line.Body, Does.StartWith("\"GET\" \"/api/v1/orders/{order_key}\" 200").Or.StartWith("GET /api/v1/orders/{order_key} 200"));
        Assert.That(line.Attributes["StatusCode"], Is.EqualTo(200));
    }

    [Test]
    public async Task A_collector_that_is_away_holds_up_nobody_and_makes_no_lines()
    {
        await using TestDatabase database = await TestDatabase.CreateAsync(1);
        Dictionary<string, string> variables = new()
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = "http://127.0.0.1:1",
            ["OTEL_BSP_SCHEDULE_DELAY"] = "10",
            ["OTEL_METRIC_EXPORT_INTERVAL"] = "50",
            ["OTEL_EXPORTER_OTLP_TIMEOUT"] = "100",
        };
        using ApiProcess process = Start(database, variables);
        using var client = new HttpClient { BaseAddress = await process.ListeningAsync() };
        for (int request = 0; request < 20; request++)
        {
            await client.GetStringAsync(new Uri("/api/v1/orders/1", UriKind.Relative));
        }

        process.Terminate();
        Assert.That(await process.EndAsync(), Is.Zero);
        Assert.That(process.JsonLines.Count(line => line.TryGetProperty("StatusCode", out _)), Is.EqualTo(20));
        Assert.That(process.Output, Does.Not.Contain("127.0.0.1:1/").And.Not.Contain("OpenTelemetry"));
    }

    [TestCase]
    [TestCase("OTEL_EXPORTER_OTLP_ENDPOINT=http://localhost:4317", "OTEL_SDK_DISABLED=true")]
    [TestCase("OTEL_EXPORTER_OTLP_ENDPOINT=http://localhost:4317", "OTEL_TRACES_EXPORTER=none", "OTEL_METRICS_EXPORTER=none")]
    public void Nothing_listens_without_being_asked_to(params string[] variables)
    {
        var services = new ServiceCollection();
        services.AddOrdersTelemetry(Read(variables), servesMetrics: false, "1.0");
        Assert.That(services, Is.Empty);
        Assert.That(OrdersTelemetry.Activities.HasListeners(), Is.False);
    }

    [TestCase("OTEL_TRACES_EXPORTER=otlp", true, false, false)]
    [TestCase("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT=http://localhost:4317", false, true, false)]
    [TestCase("OTEL_EXPORTER_OTLP_ENDPOINT=http://localhost:4317", true, true, true)]
    public void The_variables_say_what_is_sent(string variable, bool traces, bool metrics, bool logs)
    {
        OpenTelemetrySettings settings = Read(variable);
        Assert.That((settings.Traces, settings.Metrics, settings.Logs), Is.EqualTo((traces, metrics, logs)));
    }

    [TestCase("OTEL_EXPORTER_OTLP_ENDPOINT", "collector:4317", "an address such as http://localhost:4317")]
    [TestCase("OTEL_EXPORTER_OTLP_LOGS_ENDPOINT", "nowhere", "an address such as http://localhost:4317")]
    [TestCase("OTEL_EXPORTER_OTLP_PROTOCOL", "http/json", "grpc or http/protobuf")]
    [TestCase("OTEL_METRICS_EXPORTER", "prometheus", "otlp or none")]
    [TestCase("OTEL_TRACES_SAMPLER", "sometimes", "always_on or always_off")]
    [TestCase("OTEL_TRACES_SAMPLER_ARG", "1%", "a number from 0 to 1")]
    public void A_variable_that_can_not_be_is_refused_as_it_was_given(string name, string value, string remedy)
    {
        StartupException? refusal = Assert.Throws<StartupException>(() => Read("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT=http://localhost:4317", $"{name}={value}"));
        Assert.That(refusal?.Message, Does.StartWith($"{name} is '{value}'. Set it to {remedy}"));
    }

    [Test]
    public void A_request_that_nobody_traces_has_no_timing_unless_it_waits_long()
    {
        using var request = new Activity("request");
        RequestTiming.Record(request, TimeSpan.FromMilliseconds(40), TimeSpan.FromMilliseconds(59));
        Assert.That(RequestTiming.Of(request), Is.Null);
        RequestTiming.Record(request, TimeSpan.FromMilliseconds(40), TimeSpan.FromMilliseconds(60));
        RequestTiming.Record(request, TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(2));
        RequestTiming timing = RequestTiming.Of(request)!;
        Assert.That((timing.Wait.TotalMilliseconds, timing.Database.TotalMilliseconds), Is.EqualTo((41, 62)));
    }

    private static ApiProcess Start(TestDatabase database, OtlpReceiver receiver) => Start(database, receiver.Variables);

    private static ApiProcess Start(TestDatabase database, Dictionary<string, string> variables) => ApiProcess.Start(
        "Production", variables, "--urls=http://127.0.0.1:0", $"--ConnectionStrings:Orders={database.ConnectionString}");

    private static async Task<int> GetAsync(HttpClient client, string path, string? traceparent = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.TryAddWithoutValidation("traceparent", traceparent);
        using HttpResponseMessage answer = await client.SendAsync(request);
        return (int)answer.StatusCode;
    }

    private static OpenTelemetrySettings Read(params string[] variables) => OpenTelemetrySettings.From(
        new ConfigurationBuilder().AddInMemoryCollection(variables.Select(one => one.Split('=', 2)).Select(pair => KeyValuePair.Create(pair[0], (string?)pair[1]))).Build());
}
