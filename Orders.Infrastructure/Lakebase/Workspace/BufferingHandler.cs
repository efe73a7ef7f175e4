namespace Orders.Infrastructure.Lakebase.Workspace;

/// <summary>Reads an answer to its end where the limits and the retries of a call still hold; <see cref="HttpClient"/> reads it after them.</summary>
internal sealed class BufferingHandler : DelegatingHandler
{
    /// <summary>Bytes. An answer that goes on and on is none that is waited for.</summary>
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
