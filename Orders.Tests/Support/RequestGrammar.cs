using System.Globalization;
using System.Text;

namespace Orders.Tests.Support;

/// <summary>Makes up requests of HTTP/1.1, good and bad ones, that know what the service serves. The same seed makes the same requests.</summary>
internal sealed class RequestGrammar(int seed)
{
    /// <summary>The keys of the orders that there are.</summary>
    public const int Orders = 1000;

    private static readonly string[] Methods = ["GET", "GET", "GET", "GET", "HEAD", "POST", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "QUERY", "get"];
    private static readonly string[] Numbers = ["0", "1", "-1", "10", "1000", "1001", "2147483648", "9223372036854775807", "9223372036854775808", "1e3", "1.0", "+1", "%201", "", "x", "%00", "%F0%9F%92%A3", "1&page=2"];
    private static readonly string[] Segments = ["..", ".", "%2e%2e", "%2F", "", "api", "v1", "orders", "%0d%0aSet-Cookie:x", "%1b[31m", "a b", "%", "%zz", "count", "stream", "status", "docs", "ü", "'", "--", "{order_key}"];
    private static readonly string[] Types = ["application/json", "application/json; charset=utf-8", "application/json; charset=utf-16", "text/plain", "application/xml", "multipart/form-data; boundary=x", "application/x-www-form-urlencoded", "", "a/b/c", "\"", "application/merge-patch+json"];
    private static readonly string[] Bodies =
    [
        """{"o_orderstatus":"F"}""", """{"o_orderstatus":"O"}""", """{"o_orderstatus":"X"}""", """{"o_orderstatus":1}""", """{"o_orderstatus":"F","o_orderstatus":"O"}""", "{}", "[]", "null", "", " ", "{", """{"o_orderstatus":"F"}}""",
        "\u00ff\u00fe\u0000", """{"o_orderstatus":"\ud800"}""", """{"o_orderstatus":"F'; drop table orders_synced; --"}""", """{"$type":"System.Object"}""",
    ];

    private static readonly (string Name, string[] Values)[] Headers =
    [
        ("Accept", ["*/*", "text/html", "application/xml;q=0.1", "nonsense"]), ("Accept-Encoding", ["gzip", "br;q=1, *;q=0", "identity;q=0"]), ("Range", ["bytes=0-0", "bytes=5-1", "x"]),
        ("If-None-Match", ["*", "\"x\"", "W/\"\"", "x"]), ("If-Match", ["*", "\"x\"", "x"]), ("If-Modified-Since", ["Thu, 01 Jan 1970 00:00:00 GMT", "soon"]),
        ("Cache-Control", ["no-cache", "max-age=0", "max-age=-1", "max-age=99999999999", "=,=", "no-cache=\"x"]), ("Authorization", ["Bearer x", "Basic eDp4", "Bearer", ""]), ("X-API-Key", ["x", ""]),
        ("X-Forwarded-For", ["127.0.0.1", "x, y", "[::1]:1"]), ("X-Forwarded-Proto", ["https", "gopher"]), ("X-Forwarded-Host", ["evil.example"]), ("X-Forwarded-User", ["root", "\u00e4"]), ("Forwarded", ["for=127.0.0.1;proto=https"]),
        ("traceparent", ["00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", "00-0-0-0", "x"]), ("tracestate", ["a=b", ",,,"]), ("Cookie", ["a=b; c", ""]), ("Connection", ["keep-alive", "close", "Upgrade", "x"]), ("Upgrade", ["h2c", "websocket"]),
        ("TE", ["trailers"]), ("Origin", ["null", "http://evil.example"]), ("Accept-Language", ["de"]), ("X-HTTP-Method-Override", ["DELETE"]), ("Consistency-Token", ["x", "0/0"]), ("Max-Forwards", ["0"]), ("Content-Encoding", ["gzip"]),
    ];

    private readonly Random _random = new(seed);

    /// <summary>Requests for one connection. All but the last are framed as they should be.</summary>
    public Request[] Connection()
    {
        Request[] requests = [.. Enumerable.Range(0, _random.Next(1, 16)).Select(_ => _random.Next(4) == 0 ? Witness() : Clean())];
        if (_random.Next(3) == 0)
        {
            requests[^1] = Unclean();
        }

        return requests;
    }

    /// <summary>A request with one right answer.</summary>
    private Request Witness()
    {
        int key = _random.Next(1, Orders + 1);
        return _random.Next(3) == 0
            ? new Request($"POST /api/v1/orders/{key}/status HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n" + Framed("""{"o_orderstatus":"P"}""")) { Holds = $"\"o_orderkey\":{key}," }
            : new Request($"GET /api/v1/orders/{key} HTTP/1.1\r\nHost: localhost\r\n\r\n") { Holds = $"\"o_orderkey\":{key}," };
    }

    private Request Clean()
    {
        string method = Pick(Methods);
        var head = new StringBuilder($"{method} {Path()} HTTP/1.{(_random.Next(20) == 0 ? 0 : 1)}\r\nHost: localhost\r\n");
        for (int count = _random.Next(_random.Next(50) == 0 ? 150 : 5); count > 0; count--)
        {
            (string name, string[] values) = Headers[_random.Next(Headers.Length)];
            head.Append(CultureInfo.InvariantCulture, $"{name}: {Pick(values)}\r\n");
        }

        if (_random.Next(100) == 0)
        {
            head.Append(CultureInfo.InvariantCulture, $"X-Large: {new string('a', _random.Next(60_000))}\r\n");
        }

        bool hasBody = method is not ("GET" or "HEAD" or "get") || _random.Next(10) == 0;
        head.Append(hasBody ? $"Content-Type: {Pick(Types)}\r\n{Framed(Body())}" : "\r\n");
        return new Request(head.ToString()) { IsHead = method == "HEAD" };
    }

    private string Path() => _random.Next(9) switch
    {
        0 => $"/api/v1/orders/stream?cursor={Pick(Numbers)}&page_size={Pick(Numbers)}",
        1 => $"/api/v1/orders/pages?page={Pick(Numbers)}&page_size={Pick(Numbers)}&include_count={Pick(["true", "0", "maybe", ""])}",
        2 => $"/api/v1/orders/{Pick(Numbers)}",
        3 or 4 => $"/api/v1/orders/{_random.Next(1, Orders * 2)}/status",
        5 => Pick(["/", "/health/live", "/health/ready", "/api/v1/healthcheck", "/api/v1/orders/count", "/api/v1/orders/sample"]),
        6 => Pick(["/docs", "/docs/index.html", "/docs/page.js", "/openapi.json", "/docs/..%2f..%2fetc/passwd"]),
        7 => $"/{new string('a', _random.Next(_random.Next(10) == 0 ? 9000 : 200))}?{new string('b', _random.Next(200))}",
        _ => "/" + string.Join('/', Enumerable.Range(0, _random.Next(1, 8)).Select(_ => Pick(Segments))),
    };

    private string Body() => _random.Next(10) switch
    {
        0 => new string('a', _random.Next(100_000)),
        1 => $$"""{"o_orderstatus":"F","x":{{new string('[', _random.Next(200))}}""",
        2 => $$"""{"o_orderstatus":"F","x":"{{new string('b', _random.Next(15_000, 18_000))}}"}""",
        3 => Noise(_random.Next(500)),
        _ => Pick(Bodies),
    };

    private string Framed(string body)
    {
        string expect = _random.Next(30) == 0 ? "Expect: 100-continue\r\n" : "";
        if (_random.Next(2) == 0)
        {
            return $"{expect}Content-Length: {body.Length}\r\n\r\n{body}";
        }

        var chunks = new StringBuilder($"{expect}Transfer-Encoding: chunked\r\n\r\n");
        for (int start = 0; start < body.Length;)
        {
            int size = int.Min(body.Length - start, _random.Next(1, _random.Next(2) == 0 ? 10 : 20_000));
            chunks.Append(CultureInfo.InvariantCulture, $"{size:x}{Pick(["", "", ";a=b"])}\r\n").Append(body.AsSpan(start, size)).Append("\r\n");
            start += size;
        }

        return chunks.Append(Pick(["0\r\n\r\n", "0\r\n\r\n", "0\r\nX-Trailer: a\r\n\r\n", "000\r\n\r\n"])).ToString();
    }

    private Request Unclean()
    {
        const string post = "POST /api/v1/orders/1/status HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";

        // Nobody can tell whether a broken HEAD is answered as one.
        string good = Clean().Text.Replace("HEAD /", "GET /", StringComparison.Ordinal);
        string text = _random.Next(12) switch
        {
            0 => $"{post}Transfer-Encoding: chunked\r\n\r\n{Pick(["FFFFFFFF", "-1", "g", "", "7FFFFFFFFFFFFFFFF", "5 ;", "0x5"])}\r\nhello\r\n",
            1 => $"{post}Content-Length: {Pick(["-1", "x", "1, 2", "99999999999999999999", "+5", "0x5"])}\r\n\r\nhello",
            2 => $"{post}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nhello",
            3 => $"{post}Transfer-Encoding: {Pick(["gzip", "chunked, gzip", "xchunked", "chunked, chunked", " chunked"])}\r\n\r\n0\r\n\r\n",
            4 => $"{post}Content-Length: 100\r\n\r\n{{",
            5 => good[..(good.Length * _random.Next(100) / 100)],
            6 => Noise(_random.Next(1, 300)) + "\r\n\r\n",
            7 => good.Replace("\r\n", Pick(["\n", "\r", "\n\n"]), StringComparison.Ordinal),
            8 => "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\u0004\0\0\0\0\0",
            9 => "\u0016\u0003\u0001\0\u0005hello\r\n\r\n",
            10 => $"{good.Split(' ')[0]} /{Noise(20)} HTTP/{Pick(["1.1", "1.2", "9", "", "2.0"])}\r\nHost: {Pick(["localhost", "a b", "", "[", "localhost:x"])}\r\n\r\n",
            _ => Mutate(good),
        };
        return new Request(text) { IsClean = false };
    }

    private string Mutate(string good)
    {
        var text = new StringBuilder(good);
        for (int i = _random.Next(1, 6); i > 0; i--)
        {
            text[_random.Next(text.Length)] = (char)_random.Next(256);
        }

        return text.ToString();
    }

    private string Noise(int length) => string.Concat(Enumerable.Range(0, length).Select(_ => (char)_random.Next(256)));

    private string Pick(string[] values) => values[_random.Next(values.Length)];

    /// <summary>A request as it is sent, a character a byte.</summary>
    internal sealed record Request(string Text)
    {
        /// <summary>One answer is due; not so where nobody can tell how many requests it is.</summary>
        public bool IsClean { get; init; } = true;

        public bool IsHead { get; init; }

        /// <summary>What the right answer holds; null when there is more than one.</summary>
        public string? Holds { get; init; }
    }
}
