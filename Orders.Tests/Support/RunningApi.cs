using System.Security.Claims;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;

namespace Orders.Tests.Support;

/// <summary>The complete service, in this process, on a free port.</summary>
internal sealed class RunningApi : IAsyncDisposable
{
    /// <summary>A header of tests alone: the caller has this scope, as after authentication.</summary>
    private const string ScopeHeader = "Test-Scope";

    /// <summary>By the true time: where a test's clock stands still, nothing else would end a start that waits by it.</summary>
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    private readonly WebApplication _app;

    private RunningApi(WebApplication app)
    {
        _app = app;
        Client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = new Uri(app.Urls.Single()) };
    }

    public HttpClient Client { get; }

    public IServiceProvider Services => _app.Services;

    public static Task<RunningApi> StartAsync(string connectionString, params string[] settings) =>
        StartAsync(TimeProvider.System, [$"--ConnectionStrings:Orders={connectionString}", .. settings]);

    /// <summary>Starts the service with a clock that the test controls.</summary>
    public static async Task<RunningApi> StartAsync(TimeProvider time, params string[] settings)
    {
        // Open, as in Development; a test's own settings overrule these.
        string[] defaults = ["--urls=http://127.0.0.1:0", "--Serilog:MinimumLevel:Default=Fatal", "--Orders:AnonymousAccess=ReadWrite", "--Orders:ShutdownDelay=0"];
        WebApplication app = Program.BuildApi([.. defaults, .. settings], time);
        app.Use(static (context, next) =>
        {
            if (context.Request.Headers[ScopeHeader] is [{ } scope])
            {
                context.User = new ClaimsPrincipal(new ClaimsIdentity([new Claim("scope", scope)], authenticationType: "Test"));
            }

            return next(context);
        });
        await app.StartAsync().WaitAsync(StartLimit);
        return new RunningApi(app);
    }

    public async Task<Answer> GetAsync(string path, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        foreach ((string name, string value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await SendAsync(request);
    }

    /// <summary>As somebody who manages the resources, and so may read what is for the operator.</summary>
    public Task<Answer> GetAsOperatorAsync(string path) => GetAsync(path, (ScopeHeader, "resources.manage"));

    public async Task<Answer> PostStatusAsync(object key, string body, string contentType = "application/json")
    {
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/v1/orders/{key}/status") { Content = content };
        return await SendAsync(request);
    }

    public async Task<Answer> SendAsync(HttpRequestMessage request)
    {
        using HttpResponseMessage response = await Client.SendAsync(request);
        string body = await response.Content.ReadAsStringAsync();
        var headers = response.Headers.Concat(response.Content.Headers)
            .ToDictionary(header => header.Key, header => string.Join(", ", header.Value), StringComparer.OrdinalIgnoreCase);
        return new Answer((int)response.StatusCode, body, headers);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();

        // DisposeAsync would wait for running requests by the test's clock, which may stand still. StopAsync has a real time limit.
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        await _app.StopAsync(limit.Token);
        await _app.DisposeAsync();
    }

    /// <summary>A response.</summary>
    internal sealed record Answer(int Status, string Body, IReadOnlyDictionary<string, string> Headers)
    {
        public JsonElement Json => JsonDocument.Parse(Body).RootElement;

        public string? ContentType => Headers.GetValueOrDefault("Content-Type");

        public string Code => Json.GetProperty("code").GetString()!;

        public string Detail => Json.GetProperty("detail").GetString()!;

        public long[] Keys => [.. Json.GetProperty("orders").EnumerateArray().Select(order => order.GetProperty("o_orderkey").GetInt64())];

        public JsonElement Pagination => Json.GetProperty("pagination");

        public long? Cursor(string name) => Pagination.GetProperty(name) is { ValueKind: JsonValueKind.Number } number ? number.GetInt64() : null;
    }
}
