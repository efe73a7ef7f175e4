using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Npgsql;

/// <summary>A JSON body that is made in a pooled buffer, so that it goes out with its length and in one piece.</summary>
internal sealed class Answer : IDisposable
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    private static readonly System.Collections.Concurrent.ConcurrentQueue<Body> Pool = new();

    private readonly Body _body = Pool.TryDequeue(out Body? pooled) ? pooled : new Body();

    public Utf8JsonWriter Json => _body.Json;

    public void Write(NpgsqlDataReader row)
    {
        Json.WriteStartObject();
        Json.WriteNumber("o_orderkey"u8, row.GetInt64(0));
        Json.WriteNumber("o_custkey"u8, row.GetInt64(1));
        Json.WriteString("o_orderstatus"u8, row.GetString(2));
        Json.WriteNumber("o_totalprice"u8, row.GetDecimal(3));
        Span<byte> date = stackalloc byte[10];
        row.GetFieldValue<DateOnly>(4).TryFormat(date, out _, "O", CultureInfo.InvariantCulture);
        Json.WriteString("o_orderdate"u8, date);
        Json.WriteString("o_orderpriority"u8, row.GetString(5));
        Json.WriteString("o_clerk"u8, row.GetString(6));
        Json.WriteNumber("o_shippriority"u8, row.GetInt32(7));
        Json.WriteString("o_comment"u8, row.GetString(8));
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
