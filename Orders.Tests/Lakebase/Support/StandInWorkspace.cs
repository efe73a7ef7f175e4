using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Orders.Tests.Lakebase.Support;

/// <summary>Stands in for a workspace: its sign-in, and of its API the calls that are used, as Databricks' SDKs describe them.</summary>
/// <remarks>Its clock is the test's. What it does to the database is left to whoever makes it.</remarks>
internal sealed class StandInWorkspace : IAsyncDisposable
{
    public const string ClientId = "6b0c5d6e-0f3c-4b8e-9d55-3c9a6f1f2a10";
    public const string ClientSecret = "dose-secret-of-the-principal";
    public const string PersonalToken = "dapi-secret-of-a-person";
    public const string Instance = "orders-instance";
    public const string Endpoint = "projects/orders/branches/production/endpoints/primary";

    private static readonly TimeSpan TokenLifetime = TimeSpan.FromHours(1);

    private readonly WebApplication _app;
    private readonly TimeProvider _time;
    private readonly Action<string> _setPassword;
    private readonly ConcurrentDictionary<string, DateTimeOffset> _accessTokens = new();

    private StandInWorkspace(WebApplication app, TimeProvider time, Action<string> setPassword) => (_app, _time, _setPassword) = (app, time, setPassword);

    public string Url => _app.Urls.Single();

    /// <summary>Its clock's lead over the service's.</summary>
    public TimeSpan ClockLead { get; set; }

    /// <summary>What it answers all calls with; null when it works.</summary>
    public Failure? Failing { get; set; }

    /// <summary>What it says a credential's end is, when it is not to be an hour from now.</summary>
    public string? Expiry { get; set; }

    public string DatabaseHost { get; set; } = "127.0.0.1";

    /// <summary>The host of its readable secondaries; null when there are none.</summary>
    public string? ReadOnlyHost { get; set; }

    /// <summary>Who is signed in, as it says.</summary>
    public string UserName { get; set; } = ClientId;

    public string? TableState { get; set; }

    /// <summary>What can be created and deleted in it; null where a server is there as it is.</summary>
    public StandInResources? Resources { get; set; }

    /// <summary>Method and path of each call.</summary>
    public ConcurrentQueue<string> Calls { get; } = new();

    /// <summary>Every secret that it gave away.</summary>
    public ConcurrentQueue<string> Secrets { get; } = new();

    public int Credentials => Calls.Count(call => call.EndsWith("/credentials", StringComparison.Ordinal));

    /// <param name="time">The service's clock.</param>
    /// <param name="setPassword">Called with each credential that is issued, before it is answered.</param>
    public static async Task<StandInWorkspace> StartAsync(TimeProvider time, Action<string> setPassword)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        WebApplication app = builder.Build();
        var workspace = new StandInWorkspace(app, time, setPassword);
        app.Run(workspace.AnswerAsync);
        await app.StartAsync();
        return workspace;
    }

    /// <summary>The sign-ins so far count no longer.</summary>
    public void RevokeAccessTokens() => _accessTokens.Clear();

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private DateTimeOffset Now => _time.GetUtcNow() + ClockLead;

    private async Task AnswerAsync(HttpContext context)
    {
        Calls.Enqueue($"{context.Request.Method} {context.Request.Path}");
        context.Response.GetTypedHeaders().Date = Now;
        if (Failing is { } failure)
        {
            await failure.WriteAsync(context);
        }
        else if (context.Request.Path == "/oidc/v1/token")
        {
            await SignInAsync(context);
        }
        else if (!IsSignedIn(context))
        {
            await new Failure(401, """{"error_code":"UNAUTHENTICATED","message":"Credential was not sent or was of an unsupported type"}""").WriteAsync(context);
        }
        else
        {
            await AnswerSignedInAsync(context);
        }
    }

    private async Task SignInAsync(HttpContext context)
    {
        IFormCollection form = await context.Request.ReadFormAsync();
        string expected = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{ClientId}:{ClientSecret}"));
        if (context.Request.Headers.Authorization != $"Basic {expected}" || form["grant_type"] != "client_credentials" || form["scope"] != "all-apis")
        {
            await new Failure(401, """{"error":"invalid_client","error_description":"Client authentication failed"}""").WriteAsync(context);
            return;
        }

        string token = NewSecret("access");
        _accessTokens[token] = Now + TokenLifetime;
        await context.Response.WriteAsJsonAsync(new { access_token = token, token_type = "Bearer", expires_in = TokenLifetime.TotalSeconds });
    }

    private bool IsSignedIn(HttpContext context) => context.Request.Headers.Authorization.ToString() is var header
        && header.StartsWith("Bearer ", StringComparison.Ordinal)
        && (header["Bearer ".Length..] == PersonalToken || (_accessTokens.TryGetValue(header["Bearer ".Length..], out DateTimeOffset end) && Now < end));

    private async Task AnswerSignedInAsync(HttpContext context)
    {
        string call = $"{context.Request.Method} {context.Request.Path}";
        object? answer = call switch
        {
            _ when Resources is not null && !call.EndsWith("/Me", StringComparison.Ordinal) && !call.EndsWith("/credentials", StringComparison.Ordinal) =>
                await Resources.AnswerAsync(context.Request),
            "GET /api/2.0/preview/scim/v2/Me" => new { userName = UserName },
            $"GET /api/2.0/database/instances/{Instance}" => new { name = Instance, state = "AVAILABLE", read_write_dns = DatabaseHost, read_only_dns = ReadOnlyHost },
            $"GET /api/2.0/postgres/{Endpoint}" => new { name = Endpoint, status = new { hosts = new { host = DatabaseHost, read_only_host = ReadOnlyHost } } },
            "POST /api/2.0/database/credentials" => new { token = Issue(), expiration_time = End },
            "POST /api/2.0/postgres/credentials" => new { token = Issue(), expire_time = End },
            "GET /api/2.0/database/synced_tables/main.public.orders_synced" when TableState is not null =>
                new { data_synchronization_status = new { detailed_state = TableState } },
            "GET /api/2.0/postgres/synced_tables/main.public.orders_synced" when TableState is not null =>
                new { status = new { detailed_state = TableState } },
            _ => null,
        };
        await (answer switch
        {
            null => new Failure(404, """{"error_code":"RESOURCE_DOES_NOT_EXIST","message":"It does not exist"}""").WriteAsync(context),
            Failure failure => failure.WriteAsync(context),
            _ => context.Response.WriteAsJsonAsync(answer),
        });
    }

    private string End => Expiry ?? (Now + TokenLifetime).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private string Issue()
    {
        string password = NewSecret("credential");
        _setPassword(password);
        return password;
    }

    private string NewSecret(string kind)
    {
        string secret = $"{kind}-{Guid.NewGuid():N}";
        Secrets.Enqueue(secret);
        return secret;
    }

    /// <summary>An answer that is an error.</summary>
    internal sealed record Failure(int Status, string Body, string ContentType = "application/json", int? RetryAfter = null)
    {
        /// <summary>As a date, from the answer's own on.</summary>
        public TimeSpan? RetryDate { get; init; }

        /// <summary>What happens instead of the body's last byte.</summary>
        public Func<HttpContext, Task>? BreaksOff { get; init; }

        /// <summary>Status 0 is none: the connection is cut.</summary>
        public async Task WriteAsync(HttpContext context)
        {
            if (Status == 0)
            {
                context.Abort();
                return;
            }

            context.Response.StatusCode = Status;
            context.Response.ContentType = ContentType;
            if (RetryAfter is { } seconds)
            {
                context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
            }

            if (RetryDate is { } later)
            {
                context.Response.Headers.RetryAfter = (context.Response.GetTypedHeaders().Date!.Value + later).ToString("R", CultureInfo.InvariantCulture);
            }

            context.Response.ContentLength = Encoding.UTF8.GetByteCount(Body) + (BreaksOff is null ? 0 : 1);
            await context.Response.WriteAsync(Body);
            if (BreaksOff is not null)
            {
                await context.Response.Body.FlushAsync();
                await BreaksOff(context);
            }
        }
    }
}
