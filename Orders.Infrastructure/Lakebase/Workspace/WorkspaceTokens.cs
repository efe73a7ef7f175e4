using System.Text;

namespace Orders.Infrastructure.Lakebase.Workspace;

/// <summary>
/// Gets the token for requests to the workspace: the personal one, or the service principal's, which it fetches and renews.
/// </summary>
internal sealed class WorkspaceTokens(WorkspaceHttp http, WorkspaceLogin login, TimeProvider time) : IDisposable
{
    /// <summary>Databricks' clients treat a token as expired this much early.</summary>
    private static readonly TimeSpan Reserve = TimeSpan.FromSeconds(40);

    /// <summary>A token is renewed this long before its end, or at half its life if that is later.</summary>
    private static readonly TimeSpan RefreshWindow = TimeSpan.FromMinutes(20);

    private static readonly TimeSpan RetryDelay = TimeSpan.FromMinutes(1);

    private readonly SemaphoreSlim _oneRequest = new(1, 1);
    private Token? _token;
    private long? _failedAt;

    /// <exception cref="DatabricksException">The workspace does not sign this service in.</exception>
    public async Task<Secret> GetAsync(CancellationToken cancellationToken)
    {
        if (login.ClientId is not { } clientId)
        {
            return login.Secret;
        }

        await _oneRequest.WaitAsync(cancellationToken);
        try
        {
            if (_token is { } token && (AgeOf(token) < token.FreshFor || (AgeOf(token) < token.ValidFor && HasJustFailed())))
            {
                return token.Value;
            }

            _token = await FetchAsync(clientId, cancellationToken);
            _failedAt = null;
            return _token.Value;
        }
        catch (DatabricksException) when (_token is not null && AgeOf(_token) < _token.ValidFor)
        {
            _failedAt = time.GetTimestamp();
            return _token.Value;
        }
        finally
        {
            _oneRequest.Release();
        }
    }

    /// <summary>Drops a token that the workspace refused.</summary>
    /// <returns>True when there may be another one.</returns>
    public bool Forget(Secret refused)
    {
        if (login.ClientId is null)
        {
            return false;
        }

        Token? current = _token;
        if (current?.Value == refused)
        {
            Interlocked.CompareExchange(ref _token, null, current);
        }

        return true;
    }

    public void Dispose() => _oneRequest.Dispose();

    private TimeSpan AgeOf(Token token) => time.GetElapsedTime(token.FetchedAt);

    private bool HasJustFailed() => _failedAt is { } failedAt && time.GetElapsedTime(failedAt) < RetryDelay;

    private async Task<Token> FetchAsync(string clientId, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "oidc/v1/token");
        request.Content = new FormUrlEncodedContent([new("grant_type", "client_credentials"), new("scope", "all-apis")]);
        string pair = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{clientId}:{login.Secret.Reveal()}"));
        request.Headers.Authorization = new("Basic", pair);
        long sentAt = time.GetTimestamp();
        TokenAnswer answer = (await http.SendAsync<TokenAnswer>(request, cancellationToken)).Body;
        if (string.IsNullOrEmpty(answer.AccessToken) || !Secret.CanBe(answer.AccessToken))
        {
            throw new DatabricksException(null, DatabricksException.Unreadable, "The answer to the sign-in has no token that can be sent.");
        }

        // An absurd number counts as an hour, the platform's usual life. A token that expires before is refused and fetched again.
        TimeSpan lifetime = answer.ExpiresIn > 0 && answer.ExpiresIn < CredentialLifetime.Longest.TotalSeconds
            ? TimeSpan.FromSeconds(answer.ExpiresIn)
            : CredentialLifetime.Longest;
        TimeSpan window = lifetime / 2 < RefreshWindow ? lifetime / 2 : RefreshWindow;
        return new Token(new Secret(answer.AccessToken), sentAt, lifetime - window, lifetime - Reserve);
    }

    private sealed record Token(Secret Value, long FetchedAt, TimeSpan FreshFor, TimeSpan ValidFor);

    /// <summary>RFC 6749, 5.1. A class, because a record would print the token.</summary>
    private sealed class TokenAnswer
    {
        public string? AccessToken { get; init; }

        /// <summary>Seconds.</summary>
        public double ExpiresIn { get; init; }
    }
}
