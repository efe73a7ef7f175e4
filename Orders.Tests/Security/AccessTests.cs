using System.Net.Http.Json;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Orders.Api.Security;
using Orders.Tests.Lakebase.Support;
using Orders.Tests.Security.Support;
using Orders.Tests.Support;

namespace Orders.Tests.Security;

/// <summary>Who may do what: every operation by every scope, sent as a token and as a key.</summary>
internal sealed class AccessTests
{
    private static readonly string[] Reads =
    [
        "/api/v1/orders/count", "/api/v1/orders/sample", "/api/v1/orders/pages", "/api/v1/orders/stream", "/api/v1/orders/1",
    ];

    /// <summary>Of these nobody is asked who they are.</summary>
    private static readonly string[] Open =
        ["/", "/api/v1/healthcheck", "/health/live", "/health/ready", "/docs/index.html", "/problems", "/problems/forbidden", "/openapi.json", "/openapi/v3.1.json"];

    private static readonly Operation[] Operations =
    [
        .. Reads.Select(path => new Operation("GET", path, Scopes.Read)), .. Reads.Select(path => new Operation("HEAD", path, Scopes.Read)),
        new("POST", "/api/v1/orders/1/status", Scopes.Write), new("GET", ResourcesService.Status, Scopes.Manage),
        new("HEAD", ResourcesService.Status, Scopes.Manage), new("POST", $"{ResourcesService.Create}?create_resources=false", Scopes.Manage),
        new("DELETE", $"{ResourcesService.Delete}?confirm_deletion=false", Scopes.Manage), .. Open.Select(path => new Operation("GET", path, null)),
    ];

    private static readonly string[] Callers = ["", Scopes.Read, Scopes.Write, Scopes.Manage];

    private readonly Dictionary<string, (string Name, string Value)[]> _credentials = [];
    private TestDatabase _database = null!;
    private IdentityProvider _provider = null!;
    private string[] _settings = [];

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _database = await TestDatabase.CreateAsync(1, 2, 3);
        _provider = await IdentityProvider.StartAsync();
        List<string> settings = [.. _provider.Settings];
        foreach (string scope in Callers)
        {
            string key = ApiKey.Generate();
            string name = $"--Authentication:ApiKeys:{(scope.Length == 0 ? "nothing" : scope.Replace('.', '-'))}";
            if (scope.Length > 0)
            {
                settings.AddRange([$"{name}:Sha256={Convert.ToHexString(ApiKey.Digest(key))}", $"{name}:Scopes={scope}"]);
                _credentials[$"{scope} by key"] = [("X-API-Key", key)];
            }

            _credentials[$"{scope} by token"] = [("Authorization", $"Bearer {await _provider.GetTokenAsync(scope)}")];
        }

        _credentials["nobody"] = [];
        _credentials["an unknown key"] = [("X-API-Key", ApiKey.Generate())];
        _credentials["a wrong token"] = [("Authorization", $"Bearer {_provider.Sign(token => token.Audience = "billing")}")];
        _settings = [.. settings];
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        await _provider.DisposeAsync();
        await _database.DisposeAsync();
    }

    [TestCase("None")]
    [TestCase("Read")]
    [TestCase("ReadWrite")]
    public async Task Every_operation_asks_every_caller_for_its_scope(string anonymous)
    {
        await using RunningApi orders = await RunningApi.StartAsync(_database.ConnectionString, [.. _settings, $"--Orders:AnonymousAccess={anonymous}"]);
        List<string> wrong = [];
        foreach (Operation operation in Operations.Where(operation => operation.Scope != Scopes.Manage))
        {
            foreach (string caller in _credentials.Keys)
            {
                int status = (await AskAsync(orders, operation, _credentials[caller])).Status;
                int expected = Expected(operation, caller, anonymous);
                if (status != expected)
                {
                    wrong.Add($"{operation.Method} {operation.Path} by {caller}: {status}, not {expected}");
                }
            }
        }

        Assert.That(wrong, Is.Empty);
    }

    [Test]
    public async Task The_operations_on_resources_ask_every_caller_for_their_scope()
    {
        await using ResourcesService service = await ResourcesService.StartAsync(key: null, [.. _settings, "--Lakebase:ResourceOperations=true"]);
        List<string> wrong = [];
        foreach (Operation operation in Operations.Where(operation => operation.Scope == Scopes.Manage))
        {
            foreach (string caller in _credentials.Keys)
            {
                int status = (await AskAsync(service.Api, operation, _credentials[caller])).Status;
                int expected = Expected(operation, caller, "ReadWrite");
                if (status != expected)
                {
                    wrong.Add($"{operation.Method} {operation.Path} by {caller}: {status}, not {expected}");
                }
            }
        }

        Assert.That(wrong, Is.Empty);
        Assert.That(service.Resources.Changes, Is.Empty);
    }

    /// <summary>So that none is forgotten.</summary>
    [Test]
    public async Task Every_endpoint_has_a_scope_or_is_one_of_the_open_ones()
    {
        await using WebApplication service = Program.BuildApi(["--ConnectionStrings:Orders=Host=127.0.0.1", "--Orders:AnonymousAccess=Read"]);
        string[] open =
        [
            .. ((IEndpointRouteBuilder)service).DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
                .Where(endpoint => endpoint.Metadata.GetMetadata<AuthorizeAttribute>()?.Policy is null)
                .Select(endpoint => $"/{endpoint.RoutePattern.RawText!.TrimStart('/')}").Distinct().Order(StringComparer.Ordinal),
        ];
        Assert.That(open.Where(path => !path.StartsWith("/docs", StringComparison.Ordinal)), Is.EquivalentTo(Open.Where(path => path != "/docs/index.html").Select(path => path.Replace("/problems/forbidden", "/problems/{code}", StringComparison.Ordinal))));
    }

    private static int Expected(Operation operation, string caller, string anonymous) =>
        operation.Scope is null ? StatusCodes.Status200OK
        : caller is "an unknown key" or "a wrong token" ? StatusCodes.Status401Unauthorized
        : caller == "nobody" ? (operation.Scope, anonymous) switch
        {
            (Scopes.Read, "Read" or "ReadWrite") or (Scopes.Write, "ReadWrite") => StatusCodes.Status200OK,
            _ => StatusCodes.Status401Unauthorized,
        }
        : caller.StartsWith(operation.Scope, StringComparison.Ordinal) ? StatusCodes.Status200OK
        : StatusCodes.Status403Forbidden;

    private static async Task<RunningApi.Answer> AskAsync(RunningApi api, Operation operation, (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(new HttpMethod(operation.Method), operation.Path);
        if (operation.Path.EndsWith("/status", StringComparison.Ordinal))
        {
            request.Content = JsonContent.Create(new { o_orderstatus = "F" });
        }

        foreach ((string name, string value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        RunningApi.Answer answer = await api.SendAsync(request);
        if (answer.Status is 401 or 403 && operation.Method != "HEAD")
        {
            Assert.That((answer.ContentType, answer.Code), Is.EqualTo(("application/problem+json", answer.Status == 401 ? "unauthenticated" : "forbidden")));
            Assert.That(answer.Status == 401 || answer.Detail.Contains(operation.Scope!, StringComparison.Ordinal), answer.Detail);
            Assert.That(answer.Headers["WWW-Authenticate"], Does.StartWith("Bearer"));
        }

        return answer;
    }

    private sealed record Operation(string Method, string Path, string? Scope);
}
