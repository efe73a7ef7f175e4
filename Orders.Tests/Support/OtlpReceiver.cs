using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Orders.Tests.Support;

/// <summary>A collector of OpenTelemetry: it takes OTLP by gRPC or by HTTP, and keeps what it got.</summary>
internal sealed class OtlpReceiver : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private readonly WebApplication _app;
    private readonly ConcurrentQueue<Span> _spans = [];
    private readonly ConcurrentQueue<Point> _points = [];
    private readonly ConcurrentQueue<Record> _records = [];
    private volatile TaskCompletionSource _arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private OtlpReceiver(bool isGrpc)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
            kestrel.Listen(System.Net.IPAddress.Loopback, 0, listen => listen.Protocols = isGrpc ? HttpProtocols.Http2 : HttpProtocols.Http1));
        _app = builder.Build();
        _app.Run(context => ReceiveAsync(context, isGrpc));
        Protocol = isGrpc ? "grpc" : "http/protobuf";
    }

    public string Url => _app.Urls.Single();

    public string Protocol { get; }

    public IReadOnlyCollection<Span> Spans => _spans;

    public IReadOnlyCollection<Point> Points => _points;

    public IReadOnlyCollection<Record> Records => _records;

    /// <summary>What of the resource was told: the service's name, version and what else.</summary>
    public IReadOnlyDictionary<string, object> Resource { get; private set; } = new Dictionary<string, object>();

    /// <summary>
    /// The variables that have a program send all here, without waiting for long. A program of its own: in this process, what is received
    /// here would be traced as well.
    /// </summary>
    public Dictionary<string, string> Variables => new()
    {
        ["OTEL_EXPORTER_OTLP_ENDPOINT"] = Url,
        ["OTEL_EXPORTER_OTLP_PROTOCOL"] = Protocol,
        ["OTEL_BSP_SCHEDULE_DELAY"] = "100",
        ["OTEL_METRIC_EXPORT_INTERVAL"] = "200",
    };

    public static async Task<OtlpReceiver> StartAsync(bool isGrpc = false)
    {
        var receiver = new OtlpReceiver(isGrpc);
        await receiver._app.StartAsync();
        return receiver;
    }

    /// <summary>Waits until what has arrived is enough.</summary>
    public async Task UntilAsync(Func<OtlpReceiver, bool> isEnough)
    {
        using var limit = new CancellationTokenSource(Deadline);
        while (true)
        {
            Task arrival = _arrived.Task;
            if (isEnough(this))
            {
                return;
            }

            try
            {
                await arrival.WaitAsync(limit.Token);
            }
            catch (OperationCanceledException exception)
            {
                string names = string.Join(", ", _spans.Select(span => $"{span.Scope}/{span.Name}").Concat(_points.Select(point => point.Name)).Distinct());
                throw new TimeoutException($"What was waited for has not arrived. There are: {names}", exception);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(new CancellationToken(canceled: true));
        await _app.DisposeAsync();
    }

    private async Task ReceiveAsync(HttpContext context, bool isGrpc)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);

        // gRPC has a flag and the length in front of its message.
        var request = new ProtobufMessage(body.ToArray().AsMemory(isGrpc ? 5 : 0));
        string path = context.Request.Path.Value!;
        foreach (ProtobufMessage resource in request.Messages(1))
        {
            Resource = Attributes(resource.Message(1)!, 1);
            foreach (ProtobufMessage scope in resource.Messages(2))
            {
                string name = scope.Message(1)?.Text(1) ?? "";
                foreach (ProtobufMessage item in scope.Messages(2))
                {
                    Add(path, name, item);
                }
            }
        }

        Interlocked.Exchange(ref _arrived, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
        if (isGrpc)
        {
            context.Response.ContentType = "application/grpc";
            context.Response.AppendTrailer("grpc-status", "0");
            await context.Response.Body.WriteAsync(new byte[5]);
        }
        else
        {
            context.Response.ContentType = "application/x-protobuf";
        }
    }

    private void Add(string path, string scope, ProtobufMessage item)
    {
        if (path.Contains("trace", StringComparison.OrdinalIgnoreCase))
        {
            _spans.Enqueue(new Span(
                scope, item.Text(5), item.Hex(1), item.Hex(2), item.Hex(4), Attributes(item, 9),
                [.. item.Messages(13).Select(link => (link.Hex(1), link.Hex(2)))]));
        }
        else if (path.Contains("metrics", StringComparison.OrdinalIgnoreCase))
        {
            foreach ((int kind, int attributes) in new[] { (5, 7), (7, 7), (9, 9) })
            {
                foreach (ProtobufMessage point in item.Messages(kind).SelectMany(data => data.Messages(1)))
                {
                    double value = kind == 9 ? point.Number(4) : point.Has(4) ? point.Double(4) : (long)point.Number(6);
                    _points.Enqueue(new Point(scope, item.Text(1), item.Text(3), Attributes(point, attributes), value));
                }
            }
        }
        else
        {
            _records.Enqueue(new Record(item.Text(3), item.Message(5)?.Text(1) ?? "", item.Hex(9), Attributes(item, 6)));
        }
    }

    private static Dictionary<string, object> Attributes(ProtobufMessage message, int field) => message.Messages(field)
        .GroupBy(pair => pair.Text(1))
        .ToDictionary(pairs => pairs.Key, pairs => Value(pairs.Last().Message(2)));

    private static object Value(ProtobufMessage? any) => any switch
    {
        null => "",
        _ when any.Has(3) => (long)any.Number(3),
        _ when any.Has(4) => any.Double(4),
        _ when any.Has(2) => any.Number(2) == 1,
        _ => any.Text(1),
    };

    /// <summary>A span.</summary>
    internal sealed record Span(
        string Scope, string Name, string TraceId, string Id, string ParentId, IReadOnlyDictionary<string, object> Attributes, IReadOnlyList<(string TraceId, string Id)> Links);

    /// <summary>A point of a metric: its number, or how many values a histogram has.</summary>
    internal sealed record Point(string Scope, string Name, string Unit, IReadOnlyDictionary<string, object> Attributes, double Value);

    /// <summary>A line of the log.</summary>
    internal sealed record Record(string Severity, string Body, string TraceId, IReadOnlyDictionary<string, object> Attributes);
}
