// What this stack can do with one statement for each request: a minimal API on raw Npgsql that answers the measured requests and
// nothing else. No layers, no validation, no time limits, no logging, no error answers.
//
// Measured to be the fastest of Npgsql's ways: reads multiplexed over a few connections, each statement planned once; writes on
// connections of their own, each with its prepared command, because commits that share a connection wait for each other's flush.
// JSON is written by hand, which is faster than the code that System.Text.Json generates.

using System.Buffers;
using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Threading.Channels;
using Npgsql;

const string Columns =
    "o_orderkey, o_custkey, o_orderstatus, o_totalprice, o_orderdate, o_orderpriority, o_clerk, o_shippriority, o_comment";
const string SelectOrder = $"select {Columns} from orders_synced where o_orderkey = $1";
const string SelectCount = "select count(*) from orders_synced";
const string SelectPage = $"select {Columns} from orders_synced order by o_orderkey offset $1 limit $2";
const string SelectSlice = $"select {Columns} from orders_synced where o_orderkey > $1 order by o_orderkey limit $2";
const string SelectPreviousCursor =
    """
    select coalesce((select o_orderkey from orders_synced where o_orderkey between 1 and $1 order by o_orderkey desc offset $2 limit 1), 0)
    where $1 >= (select min(o_orderkey) from orders_synced where o_orderkey > 0)
    """;
const string UpdateStatus = "update orders_synced set o_orderstatus = $1 where o_orderkey = $2";
const int ReadConnections = 4;
const int WriteConnections = 32;

string connectionString = Environment.GetEnvironmentVariable("ConnectionStrings__Orders")!;
await using NpgsqlDataSource reads = new NpgsqlSlimDataSourceBuilder(new NpgsqlConnectionStringBuilder(connectionString)
{
    Multiplexing = true,
    MaxPoolSize = ReadConnections,
    MaxAutoPrepare = 20,
    AutoPrepareMinUsages = 1,
    ReadBufferSize = 32 * 1024,

    // With a limit that the planner can't see it would plan each slice anew.
    Options = "-c plan_cache_mode=force_generic_plan",
}.ConnectionString).Build();
await using NpgsqlDataSource writes = new NpgsqlSlimDataSourceBuilder(connectionString).Build();
var updates = Channel.CreateUnbounded<NpgsqlCommand>();
for (int i = 0; i < WriteConnections; i++)
{
    var update = new NpgsqlCommand(UpdateStatus, await writes.OpenConnectionAsync())
    {
        Parameters = { new NpgsqlParameter<string> { TypedValue = "" }, new NpgsqlParameter<long>() },
    };
    await update.PrepareAsync();
    updates.Writer.TryWrite(update);
}

WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(args);
builder.Logging.ClearProviders();
builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
WebApplication app = builder.Build();

app.MapGet("/api/v1/orders/{key:long}", async (HttpContext http, long key) =>
{
    await using NpgsqlCommand command = reads.CreateCommand(SelectOrder);
    command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = key });
    using var answer = new Answer();
    await using (NpgsqlDataReader row = await command.ExecuteReaderAsync())
    {
        await row.ReadAsync();
        answer.Write(row);
    }

    await answer.SendAsync(http);
});

app.MapGet("/api/v1/orders/stream", async (HttpContext http, long cursor, int page_size) =>
{
    await using NpgsqlBatch batch = reads.CreateBatch();
    batch.BatchCommands.Add(Command(SelectSlice, cursor, page_size + 1));
    batch.BatchCommands.Add(Command(SelectPreviousCursor, cursor, page_size));
    using var answer = new Answer();
    await using (NpgsqlDataReader rows = await batch.ExecuteReaderAsync())
    {
        (bool hasNext, long lastKey) = await answer.WriteOrdersAsync(rows, page_size);
        await rows.NextResultAsync();
        long? previousCursor = await rows.ReadAsync() ? rows.GetInt64(0) : null;
        Utf8JsonWriter json = answer.Json;
        json.WriteStartObject("pagination"u8);
        json.WriteNumber("page_size"u8, page_size);
        json.WriteBoolean("has_next"u8, hasNext);
        json.WriteBoolean("has_previous"u8, previousCursor is not null);
        WriteCursor(json, "next_cursor"u8, hasNext ? lastKey : null);
        WriteCursor(json, "previous_cursor"u8, previousCursor);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    await answer.SendAsync(http);
});

app.MapGet("/api/v1/orders/count", async (HttpContext http) =>
{
    await using NpgsqlCommand command = reads.CreateCommand(SelectCount);
    long total = (long)(await command.ExecuteScalarAsync())!;
    using var answer = new Answer();
    answer.Json.WriteStartObject();
    answer.Json.WriteNumber("total_orders"u8, total);
    answer.Json.WriteEndObject();
    await answer.SendAsync(http);
});

// By a plain offset and without cursors, as in the recipe.
app.MapGet("/api/v1/orders/pages", async (HttpContext http, int page, int page_size, bool include_count) =>
{
    await using NpgsqlBatch batch = reads.CreateBatch();
    batch.BatchCommands.Add(Command(SelectPage, (page - 1L) * page_size, page_size + 1));
    if (include_count)
    {
        batch.BatchCommands.Add(new NpgsqlBatchCommand(SelectCount));
    }

    using var answer = new Answer();
    await using (NpgsqlDataReader rows = await batch.ExecuteReaderAsync())
    {
        (bool hasNext, _) = await answer.WriteOrdersAsync(rows, page_size);
        long total = await rows.NextResultAsync() && await rows.ReadAsync() ? rows.GetInt64(0) : -1;
        Utf8JsonWriter json = answer.Json;
        json.WriteStartObject("pagination"u8);
        json.WriteNumber("page"u8, page);
        json.WriteNumber("page_size"u8, page_size);
        json.WriteNumber("total_pages"u8, total < 0 ? -1 : (total + page_size - 1) / page_size);
        json.WriteNumber("total_count"u8, total);
        json.WriteBoolean("has_next"u8, hasNext);
        json.WriteBoolean("has_previous"u8, page > 1);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    await answer.SendAsync(http);
});

app.MapPost("/api/v1/orders/{key:long}/status", async (HttpContext http, long key) =>
{
    using JsonDocument body = await JsonDocument.ParseAsync(http.Request.Body);
    string status = body.RootElement.GetProperty("o_orderstatus"u8).GetString()!;
    NpgsqlCommand update = await updates.Reader.ReadAsync();
    ((NpgsqlParameter<string>)update.Parameters[0]).TypedValue = status;
    ((NpgsqlParameter<long>)update.Parameters[1]).TypedValue = key;
    await update.ExecuteNonQueryAsync();
    updates.Writer.TryWrite(update);
    using var answer = new Answer();
    answer.Json.WriteStartObject();
    answer.Json.WriteNumber("o_orderkey"u8, key);
    answer.Json.WriteString("o_orderstatus"u8, status);
    answer.Json.WriteString("message"u8, "Order status updated successfully"u8);
    answer.Json.WriteEndObject();
    await answer.SendAsync(http);
});

await app.RunAsync();

static NpgsqlBatchCommand Command(string sql, long first, int second) => new(sql)
{
    Parameters = { new NpgsqlParameter<long> { TypedValue = first }, new NpgsqlParameter<int> { TypedValue = second } },
};

static void WriteCursor(Utf8JsonWriter json, ReadOnlySpan<byte> name, long? cursor)
{
    if (cursor is { } key)
    {
        json.WriteNumber(name, key);
    }
    else
    {
        json.WriteNull(name);
    }
}

/// <summary>A JSON body that is made in a pooled buffer, so that it goes out with its length and in one piece.</summary>
internal sealed class Answer : IDisposable
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    private static readonly JsonEncodedText OrderKey = JsonEncodedText.Encode("o_orderkey");
    private static readonly JsonEncodedText CustKey = JsonEncodedText.Encode("o_custkey");
    private static readonly JsonEncodedText OrderStatus = JsonEncodedText.Encode("o_orderstatus");
    private static readonly JsonEncodedText TotalPrice = JsonEncodedText.Encode("o_totalprice");
    private static readonly JsonEncodedText OrderDate = JsonEncodedText.Encode("o_orderdate");
    private static readonly JsonEncodedText OrderPriority = JsonEncodedText.Encode("o_orderpriority");
    private static readonly JsonEncodedText Clerk = JsonEncodedText.Encode("o_clerk");
    private static readonly JsonEncodedText ShipPriority = JsonEncodedText.Encode("o_shippriority");
    private static readonly JsonEncodedText Comment = JsonEncodedText.Encode("o_comment");

    private static readonly ConcurrentQueue<Body> Pool = new();

    private readonly Body _body = Pool.TryDequeue(out Body? pooled) ? pooled : new Body();

    public Utf8JsonWriter Json => _body.Json;

    public void Write(NpgsqlDataReader row)
    {
        Json.WriteStartObject();
        Json.WriteNumber(OrderKey, row.GetInt64(0));
        Json.WriteNumber(CustKey, row.GetInt64(1));
        Json.WriteString(OrderStatus, row.GetString(2));
        Json.WriteNumber(TotalPrice, row.GetDecimal(3));
        Span<byte> date = stackalloc byte[10];
        row.GetFieldValue<DateOnly>(4).TryFormat(date, out _, "O", CultureInfo.InvariantCulture);
        Json.WriteString(OrderDate, date);
        Json.WriteString(OrderPriority, row.GetString(5));
        Json.WriteString(Clerk, row.GetString(6));
        Json.WriteNumber(ShipPriority, row.GetInt32(7));
        Json.WriteString(Comment, row.GetString(8));
        Json.WriteEndObject();
    }

    /// <summary>Opens the body with its orders; one row more than <paramref name="size"/> tells that there is a next page.</summary>
    public async Task<(bool HasNext, long LastKey)> WriteOrdersAsync(NpgsqlDataReader rows, int size)
    {
        long lastKey = 0;
        int written = 0;
        Json.WriteStartObject();
        Json.WriteStartArray("orders"u8);
        while (await rows.ReadAsync() && written++ < size)
        {
            lastKey = rows.GetInt64(0);
            Write(rows);
        }

        Json.WriteEndArray();
        return (written > size, lastKey);
    }

    public async Task SendAsync(HttpContext http)
    {
        Json.Flush();
        http.Response.ContentType = "application/json; charset=utf-8";
        http.Response.ContentLength = _body.Buffer.WrittenCount;
        await http.Response.BodyWriter.WriteAsync(_body.Buffer.WrittenMemory);
    }

    public void Dispose()
    {
        _body.Buffer.ResetWrittenCount();
        _body.Json.Reset();
        Pool.Enqueue(_body);
    }

    private sealed class Body
    {
        public Body() => Json = new Utf8JsonWriter(Buffer, Options);

        public ArrayBufferWriter<byte> Buffer { get; } = new(1024);

        public Utf8JsonWriter Json { get; }
    }
}
