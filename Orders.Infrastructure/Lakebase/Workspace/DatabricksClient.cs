using System.Net;
using System.Net.Http.Json;

namespace Orders.Infrastructure.Lakebase.Workspace;

/// <summary>The workspace's REST API, signed in. Paths are relative to the workspace: <c>api/2.0/…</c>.</summary>
internal sealed class DatabricksClient(WorkspaceHttp http, WorkspaceTokens tokens)
{
    /// <exception cref="DatabricksException">The call failed, after retries where those make sense.</exception>
    public Task<DatabricksAnswer<T>> GetAsync<T>(string path, CancellationToken cancellationToken) =>
        SendAsync<T>(() => new HttpRequestMessage(HttpMethod.Get, path), cancellationToken);

    /// <exception cref="DatabricksException">The call failed, after retries where those make sense.</exception>
    public Task<DatabricksAnswer<T>> PostAsync<T>(string path, object body, CancellationToken cancellationToken) => SendAsync<T>(
        () =>
            new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body, options: WorkspaceHttp.Json) },
            cancellationToken);

    /// <returns>Null when there is no resource of that name.</returns>
    /// <exception cref="DatabricksException">The call failed otherwise.</exception>
    public async Task<T?> FindAsync<T>(string path, CancellationToken cancellationToken)
        where T : class
    {
        try
        {
            return (await GetAsync<T>(path, cancellationToken)).Body;
        }
        catch (DatabricksException exception) when (exception.IsAbsence)
        {
            return null;
        }
    }

    /// <exception cref="DatabricksException">The call failed, after retries where those make sense.</exception>
    public Task<DatabricksAnswer<T>> DeleteAsync<T>(string path, CancellationToken cancellationToken) =>
        SendAsync<T>(() => new HttpRequestMessage(HttpMethod.Delete, path), cancellationToken);

    /// <summary>
    /// Finds the name of the signed-in identity in the database: a user's e-mail address, or a service principal's client id.
    /// </summary>
    public async Task<string> FindUserAsync(CancellationToken cancellationToken)
    {
        // SCIM has camel case names, unlike the rest of the API.
        DatabricksAnswer<Dictionary<string, object?>> me = await GetAsync<Dictionary<string, object?>>(
            "api/2.0/preview/scim/v2/Me", cancellationToken);
        return me.Body.GetValueOrDefault("userName")?.ToString() is { Length: > 0 } name
            ? name
            : throw new DatabricksException(null, DatabricksException.Unreadable, "The workspace does not say who is signed in.");
    }

    private async Task<DatabricksAnswer<T>> SendAsync<T>(Func<HttpRequestMessage> create, CancellationToken cancellationToken)
    {
        Secret token = await tokens.GetAsync(cancellationToken);
        try
        {
            return await SendAsync<T>(create, token, cancellationToken);
        }
        catch (DatabricksException exception) when (exception.Status == HttpStatusCode.Unauthorized && tokens.Forget(token))
        {
            // The token was revoked early.
            return await SendAsync<T>(create, await tokens.GetAsync(cancellationToken), cancellationToken);
        }
    }

    private async Task<DatabricksAnswer<T>> SendAsync<T>(Func<HttpRequestMessage> create, Secret token, CancellationToken cancellationToken)
    {
        using HttpRequestMessage request = create();
        request.Headers.Authorization = new("Bearer", token.Reveal());
        return await http.SendAsync<T>(request, cancellationToken);
    }
}
