using System.Net.Http.Json;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using OpenIddict.Abstractions;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Orders.Tests.Security.Support;

/// <summary>An OpenID Connect provider (OpenIddict) on a port of this machine, which issues tokens to clients by their secret.</summary>
internal sealed class IdentityProvider : IAsyncDisposable
{
    public const string Audience = "orders-api";

    private const string Secret = "a-secret-of-every-client";

    private readonly HttpClient _client = new();
    private WebApplication? _app;

    private IdentityProvider(RsaSecurityKey key) => Key = key;

    /// <summary>The key that signs.</summary>
    public RsaSecurityKey Key { get; private set; }

    public Uri Address { get; private set; } = new("http://127.0.0.1:0");

    /// <summary>The settings with which the service takes the provider's tokens.</summary>
    public string[] Settings =>
    [
        $"--Authentication:Schemes:Bearer:Authority={Address}", $"--Authentication:Schemes:Bearer:ValidAudiences:0={Audience}",
        "--Authentication:Schemes:Bearer:RequireHttpsMetadata=false", "--Authentication:Schemes:Bearer:BackchannelTimeout=00:00:30",
        "--Orders:RequestTimeout=60",
    ];

    public static async Task<IdentityProvider> StartAsync()
    {
        var provider = new IdentityProvider(CreateKey());
        await provider.StartAgainAsync();
        return provider;
    }

    /// <summary>On the same port as before, if it has run before.</summary>
    public async Task StartAgainAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(Address.ToString());
        builder.Services.AddOpenIddict().AddServer(Configure);
        WebApplication app = builder.Build();
        app.UseAuthentication();
        await app.StartAsync();
        (_app, Address) = (app, new Uri(app.Urls.Single()));
    }

    public async Task StopAsync()
    {
        await _app!.StopAsync();
        await _app.DisposeAsync();
        _app = null;
    }

    /// <summary>From now on it signs with another key, and shows only that one.</summary>
    public async Task RotateKeyAsync()
    {
        await StopAsync();
        Key = CreateKey();
        await StartAgainAsync();
    }

    /// <summary>A token as a client gets it, by its credentials.</summary>
    /// <param name="scope">Separated by blanks.</param>
    /// <param name="client">The subject of the token.</param>
    /// <param name="audience">For whom it is.</param>
    public async Task<string> GetTokenAsync(string scope, string client = "suite", string audience = Audience)
    {
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "client_credentials",
            ["client_id"] = client,
            ["client_secret"] = Secret,
            ["scope"] = scope,
            ["for"] = audience,
        });
        using HttpResponseMessage response = await _client.PostAsync(new Uri(Address, "/token"), form);
        JsonElement answer = await response.Content.ReadFromJsonAsync<JsonElement>();
        return answer.TryGetProperty("access_token", out JsonElement token)
            ? token.GetString()!
            : throw new InvalidOperationException($"The identity provider issued no token: {answer}");
    }

    /// <summary>A token that it would not issue, signed with its key.</summary>
    public string Sign(Action<SecurityTokenDescriptor> change)
    {
        var token = new SecurityTokenDescriptor
        {
            Issuer = Address.ToString(),
            Audience = Audience,
            Claims = new Dictionary<string, object> { ["sub"] = "suite", ["scope"] = "orders.read orders.write" },
            Expires = DateTime.UtcNow.AddMinutes(10),
            SigningCredentials = new SigningCredentials(Key, SecurityAlgorithms.RsaSha256),
        };
        change(token);
        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(token);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        if (_app is not null)
        {
            await StopAsync();
        }
    }

    private static RsaSecurityKey CreateKey() => new(RSA.Create(2048)) { KeyId = Guid.NewGuid().ToString("N") };

    private void Configure(OpenIddictServerBuilder server)
    {
        // Without a store: the clients are known by their secret alone.
        server.EnableDegradedMode().AllowClientCredentialsFlow().SetTokenEndpointUris("/token");
        server.RegisterScopes("orders.read", "orders.write", "resources.manage");
        server.AddSigningKey(Key).AddEphemeralEncryptionKey().DisableAccessTokenEncryption();
        server.UseAspNetCore().DisableTransportSecurityRequirement();
        server.AddEventHandler<ValidateTokenRequestContext>(handler => handler.UseInlineHandler(context =>
        {
            if (context.ClientSecret != Secret)
            {
                context.Reject(OpenIddictConstants.Errors.InvalidClient);
            }

            return ValueTask.CompletedTask;
        }));
        server.AddEventHandler<HandleTokenRequestContext>(handler => handler.UseInlineHandler(context =>
        {
            var identity = new ClaimsIdentity("client");
            identity.SetClaim(OpenIddictConstants.Claims.Subject, context.Request.ClientId);
            identity.SetScopes(context.Request.GetScopes());
            identity.SetResources((string)context.Request["for"]!);
            context.SignIn(new ClaimsPrincipal(identity));
            return ValueTask.CompletedTask;
        }));
    }
}
