using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Polly.Timeout;

namespace Orders.Infrastructure.Lakebase.Workspace;

/// <summary>Sends a request to the workspace and reads its answer. Every failure is a <see cref="DatabricksException"/>.</summary>
internal sealed class WorkspaceHttp(HttpClient http, WorkspaceLogin login, TimeProvider time)
{
    private const char ByteOrderMark = '\uFEFF';

    /// <summary>The API's names are in snake case, and its 64-bit numbers may be strings.</summary>
    public static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        NumberHandling = JsonNumberHandling.AllowReadingFromString,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    /// <param name="request">Its address is relative to the workspace.</param>
    /// <param name="cancellationToken">The caller's token.</param>
    /// <exception cref="DatabricksException">There was no answer, or it was an error or not readable.</exception>
    public async Task<DatabricksAnswer<T>> SendAsync<T>(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            using HttpResponseMessage response = await http.SendAsync(request, cancellationToken);

            // The API's JSON is UTF-8. A proxy's page may name any charset, even an unknown one, and is read as UTF-8 too.
            string body = Encoding.UTF8.GetString(await response.Content.ReadAsByteArrayAsync(cancellationToken)).TrimStart(ByteOrderMark);
            return response.IsSuccessStatusCode
                ? new DatabricksAnswer<T>(
                    Read<T>(response.StatusCode, IsNothing(request, body) ? "{}" : body), response.Headers.Date ?? time.GetUtcNow())
                : throw Failure(request, response, body);
        }
        catch (HttpRequestException exception) when (exception.HttpRequestError == HttpRequestError.ConfigurationLimitExceeded)
        {
            throw new DatabricksException(null, DatabricksException.Unreadable, "The answer is too long for one of this API.", exception);
        }
        catch (HttpRequestException exception)
        {
            // Without the message of the cause, which names the host.
            throw new DatabricksException(
                null, DatabricksException.Unreachable, $"The workspace can't be reached ({exception.HttpRequestError}).", exception);
        }
        catch (TimeoutRejectedException exception)
        {
            throw TimedOut(request, exception);
        }
        catch (TaskCanceledException exception) when (exception.InnerException is TimeoutException)
        {
            throw TimedOut(request, exception);
        }
        catch (Exception exception) when (exception is not DatabricksException && !cancellationToken.IsCancellationRequested)
        {
            throw new DatabricksException(
                null, DatabricksException.Unreadable, $"The answer can't be read ({exception.GetType().Name}).", exception);
        }
    }

    /// <summary>The answer to a deletion may have no body.</summary>
    private static bool IsNothing(HttpRequestMessage request, string body) =>
        request.Method == HttpMethod.Delete && string.IsNullOrWhiteSpace(body);

    private static T Read<T>(HttpStatusCode status, string body)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(body, Json) ?? throw new JsonException();
        }
        catch (JsonException exception)
        {
            throw new DatabricksException(
                status, DatabricksException.Unreadable, "The answer is not the JSON that was asked for.", exception);
        }
    }

    private DatabricksException Failure(HttpRequestMessage request, HttpResponseMessage response, string body)
    {
        // A proxy's error page may repeat the headers of the request.
        string[] secrets = request.Headers.Authorization?.Parameter is { Length: > 0 } sent
            ? [sent, login.Secret.Reveal()]
            : [login.Secret.Reveal()];
        (string code, string message) = DatabricksError.Read(response.StatusCode, response.ReasonPhrase, body, secrets);
        return new DatabricksException(response.StatusCode, code, message);
    }

    private static DatabricksException TimedOut(HttpRequestMessage request, Exception exception)
    {
        string last = request.Options.TryGetValue(WorkspaceResilience.LastStatus, out HttpStatusCode status)
            ? $" Its last answer was {(int)status}."
            : "";
        return new DatabricksException(null, DatabricksException.TimedOut, $"The workspace did not answer in time.{last}", exception);
    }
}
