namespace Orders.Infrastructure.Lakebase.Workspace;

/// <summary>
/// Reads an answer to its end within the time limits and retries of a call; <see cref="HttpClient"/> would read it after them.
/// </summary>
internal sealed class BufferingHandler : DelegatingHandler
{
    /// <summary>The largest answer in bytes.</summary>
    private const int Largest = 1024 * 1024;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        HttpResponseMessage response = await base.SendAsync(request, cancellationToken);
        try
        {
            await response.Content.LoadIntoBufferAsync(Largest, cancellationToken);
            return response;
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }
}
