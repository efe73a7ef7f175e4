using System.Globalization;
using System.Net.Sockets;
using System.Text.Json;
using Orders.Tests.Support;

namespace Orders.Tests.Http;

/// <summary>Thousands of made-up requests: whatever comes, each has its answer, an error is a problem document, and nothing is left behind.</summary>
internal sealed class FuzzTests
{
    private const int Requests = 20_000;
    private const int AtATime = 32;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <summary>Parts of what no answer may show: code, SQL, places.</summary>
    private static readonly string[] Secrets = ["   at ", "System.", "Npgsql", "Exception", "orders_synced", "127.0.0.1", "test_", "select ", "/root", "/home"];

    [Test]
    public async Task Whatever_comes_each_request_has_its_answer_and_nothing_is_left_behind()
    {
        int seed = int.TryParse(Environment.GetEnvironmentVariable("ORDERS_FUZZ_SEED"), CultureInfo.InvariantCulture, out int given) ? given : 20261126;
        await using TestDatabase database = await TestDatabase.CreateAsync(Enumerable.Range(1, RequestGrammar.Orders).Select(key => (long)key));
        using ApiProcess process = ApiProcess.Start(
            "Production", $"--ConnectionStrings:Orders={database.ConnectionString};Maximum Pool Size=8;Application Name=fuzzed", "--urls=http://127.0.0.1:0",
            "--Kestrel:Limits:RequestHeadersTimeout=1", "--Kestrel:Limits:KeepAliveTimeout=2", "--Kestrel:Limits:MinRequestBodyDataRate:GracePeriod=1.1");
        Uri address = await process.ListeningAsync();
        await AssertServesAsync(address);
        int files = Files(process);

        var connections = new List<RequestGrammar.Request[]>();
        var grammar = new RequestGrammar(seed);
        for (int count = 0; count < Requests; count += connections[^1].Length)
        {
            connections.Add(grammar.Connection());
        }

        await Parallel.ForEachAsync(
            connections.Index(),
            new ParallelOptions { MaxDegreeOfParallelism = AtATime },
            async (connection, _) => Assert.That(await ComplaintAsync(address, connection.Item), Is.Null, $"Seed {seed}, connection {connection.Index}"));

        await AssertServesAsync(address);
        Assert.That(
            await database.ScalarAsync<long>("select count(*) from pg_stat_activity where application_name = 'fuzzed' and state <> 'idle'"), Is.Zero, $"Seed {seed}: statements go on.");
        Assert.That(Files(process), Is.LessThan(files + AtATime), $"Seed {seed}: connections are left.");
        Assert.That(
            process.Output.Split('\n').Where(line => line.Contains("\"@x\"", StringComparison.Ordinal) || line.Contains("\"@l\":\"Error\"", StringComparison.Ordinal)).Take(3), Is.Empty, $"Seed {seed}");
    }

    /// <summary>Sends the requests at once, and says what is wrong with the answers.</summary>
    private static async Task<string?> ComplaintAsync(Uri address, RequestGrammar.Request[] requests)
    {
        using RawConnection connection = await RawConnection.OpenAsync(address);
        Task sending = SendAsync(connection, string.Concat(requests.Select(request => request.Text)));
        foreach (RequestGrammar.Request request in requests)
        {
            RawConnection.RawAnswer? answer;
            try
            {
                answer = await connection.ReadAsync(request.IsHead);
            }
            catch (Exception exception) when (exception is IOException or OperationCanceledException or FormatException)
            {
                return request.Text.StartsWith("PRI ", StringComparison.Ordinal) ? null : $"{exception.Message} To: {Shown(request)}";
            }

            if (answer is null)
            {
                return request.IsClean ? $"The connection ended unannounced, before the answer to: {Shown(request)}" : null;
            }

            if (request.Text.StartsWith("PRI ", StringComparison.Ordinal))
            {
                // Kestrel's own answer to the beginning of HTTP/2.
                return null;
            }

            if (Complaint(request, answer) is { } complaint)
            {
                return $"{complaint} {answer.Status} {answer.Body} To: {Shown(request)}";
            }

            if (answer.Closes)
            {
                // Kestrel may refuse a line before it knows that its method is HEAD, so a body may follow.
                return request.IsHead || await connection.EndsAsync() ? null : $"The connection went on after its announced end: {Shown(request)}";
            }
        }

        await sending.WaitAsync(Limit);
        return null;
    }

    private static string? Complaint(RequestGrammar.Request request, RawConnection.RawAnswer answer)
    {
        if (answer.Status >= 500 && answer.Status != 505)
        {
            return "A failure.";
        }

        if (answer.Headers.GetValueOrDefault("X-Content-Type-Options") != "nosniff")
        {
            return "No nosniff.";
        }

        bool isDocument = answer.Headers.GetValueOrDefault("Content-Type")?.StartsWith("application/json", StringComparison.Ordinal) != true
            && answer.Status < 400;
        if (!isDocument && Secrets.FirstOrDefault(secret => answer.Body.Contains(secret, StringComparison.Ordinal)) is { } shown && answer.Body.Length < 10_000)
        {
            return $"It shows '{shown}'.";
        }

        return answer.Status >= 400 && !request.IsHead && !IsProblem(answer) ? "No problem document."
            : request.Holds is { } right && (answer.Status != 200 || !answer.Body.Contains(right, StringComparison.Ordinal)) ? "The wrong answer."
            : null;
    }

    private static bool IsProblem(RawConnection.RawAnswer answer)
    {
        try
        {
            JsonElement problem = JsonDocument.Parse(answer.Body).RootElement;
            return answer.Headers.GetValueOrDefault("Content-Type") == "application/problem+json"
                && problem.GetProperty("status").GetInt32() == answer.Status
                && problem.GetProperty("code").GetString() is { Length: > 0 }
                && problem.GetProperty("detail").GetString() is { Length: > 0 };
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return false;
        }
    }

    private static async Task SendAsync(RawConnection connection, string text)
    {
        try
        {
            await connection.SendAsync(text);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // The service has ended the connection.
        }
    }

    private static async Task AssertServesAsync(Uri address)
    {
        using var client = new HttpClient { BaseAddress = address };
        foreach (string path in new[] { "/health/ready", "/api/v1/orders/count", "/api/v1/orders/sample", "/api/v1/orders/pages", "/api/v1/orders/stream" })
        {
            using HttpResponseMessage answer = await client.GetAsync(new Uri(path, UriKind.Relative)).WaitAsync(Limit);
            Assert.That((int)answer.StatusCode, Is.EqualTo(200), path);
        }
    }

    private static int Files(ApiProcess process) => Directory.EnumerateFileSystemEntries($"/proc/{process.Id}/fd").Count();

    private static string Shown(RequestGrammar.Request request) => JsonSerializer.Serialize(request.Text.Length > 400 ? request.Text[..400] + "…" : request.Text);
}
