using Microsoft.AspNetCore.WebUtilities;

namespace Orders.Api.Http;

/// <summary>An error as the contract knows it. Every error that a client can meet is made here.</summary>
internal sealed record ApiError
{
    private ApiError(int status, string code, string detail) => (Status, Code, Detail) = (status, code, detail);

    public int Status { get; }

    public string Title => ReasonPhrases.GetReasonPhrase(Status);

    public string Code { get; }

    public string Detail { get; }

    /// <summary>Under each name on the wire what is wrong with it.</summary>
    public IReadOnlyDictionary<string, string[]>? Errors { get; private init; }

    /// <summary>Seconds after which a client may try again.</summary>
    public int? RetryAfter { get; private init; }

    public static readonly ApiError InvalidOrderKey = new(
        StatusCodes.Status400BadRequest, "invalid_order_key", "Invalid order key provided");

    public static readonly ApiError NotFound = new(
        StatusCodes.Status404NotFound, "not_found", "There is nothing at this path; /docs shows what there is.");

    public static readonly ApiError MethodNotAllowed = new(
        StatusCodes.Status405MethodNotAllowed, "method_not_allowed",
        "This path does not take this method; the header Allow names those it takes.");

    public static readonly ApiError PayloadTooLarge = BodyTooLarge(16);

    public static readonly ApiError UnsupportedMediaType = new(
        StatusCodes.Status415UnsupportedMediaType, "unsupported_media_type",
        "The body has to be JSON in UTF-8, sent as Content-Type: application/json.");

    public static readonly ApiError BadRequest = new(
        StatusCodes.Status400BadRequest, "bad_request", "The request is not well-formed HTTP.");

    public static readonly ApiError HostNotAllowed = new(
        StatusCodes.Status400BadRequest, "host_not_allowed", "The header Host names none of the hosts that this service answers for.");

    public static readonly ApiError RequestTimeout = new(
        StatusCodes.Status408RequestTimeout, "request_timeout",
        "The request came too slowly: its headers or its body did not arrive in time.");

    public static readonly ApiError Timeout = new(
        StatusCodes.Status504GatewayTimeout, "timeout", "The database did not answer within the time limit; try again, or ask for less.");

    public static readonly ApiError CountNotReady = new(
        StatusCodes.Status503ServiceUnavailable, "count_not_ready",
        "The orders are still being counted for the first time; try again.")
    {
        RetryAfter = 10,
    };

    public static readonly ApiError Unauthenticated = new(
        StatusCodes.Status401Unauthorized, "unauthenticated",
        "This takes credentials: a bearer token in Authorization, or an API key in X-API-Key.");

    public static readonly ApiError InvalidCredentials = new(
        StatusCodes.Status401Unauthorized, "unauthenticated",
        "The credentials are not valid here, or not any more; get new ones, or send none where none are needed.");

    public static readonly ApiError AuthenticationUnavailable = new(
        StatusCodes.Status503ServiceUnavailable, "authentication_unavailable",
        "Bearer tokens can't be checked at present, as the identity provider does not answer; try again.")
    {
        RetryAfter = 5,
    };

    public static readonly ApiError ReadOnly = new(
        StatusCodes.Status403Forbidden, "forbidden", "This service is read-only: it takes no changes of status.");

    public static readonly ApiError ResourcesBusy = new(
        StatusCodes.Status409Conflict, "resources_busy",
        "Another operation on the resources runs; lakebase-resources, beside this path, tells how far it is.");

    public static readonly ApiError Overloaded = new(
        StatusCodes.Status503ServiceUnavailable, "overloaded", "More requests are under way than the service takes; try again.")
    {
        RetryAfter = 1,
    };

    public static readonly ApiError ShuttingDown = new(
        StatusCodes.Status503ServiceUnavailable, "shutting_down",
        "The service is shutting down. It still answers; new requests should go to another instance.")
    {
        RetryAfter = 1,
    };

    /// <param name="kibibytes">The limit of the operation.</param>
    public static ApiError BodyTooLarge(int kibibytes) => new(
        StatusCodes.Status413PayloadTooLarge, "payload_too_large", $"The body is larger than {kibibytes} KiB.");

    /// <param name="scope">The scope that the caller lacks.</param>
    public static ApiError Forbidden(string scope) =>
        new(StatusCodes.Status403Forbidden, "forbidden", $"This takes the scope {scope}, which these credentials do not have.");

    public static ApiError OrderNotFound(long orderKey) =>
        new(StatusCodes.Status404NotFound, "order_not_found", $"Order with key '{orderKey}' not found");

    /// <param name="orderKeys">One or more.</param>
    public static ApiError OrdersNotFound(IReadOnlyList<long> orderKeys) => orderKeys.Count == 1
        ? OrderNotFound(orderKeys[0])
        : new(StatusCodes.Status404NotFound, "order_not_found", $"Orders with keys {Quoted(orderKeys)} not found");

    /// <param name="orderKeys">The orders that have other versions.</param>
    public static ApiError PreconditionFailed(params IReadOnlyList<long> orderKeys) => new(
        StatusCodes.Status412PreconditionFailed, "precondition_failed",
        orderKeys.Count == 1
            ? $"Order with key '{orderKeys[0]}' is another version by now; read it again"
            : $"Orders with keys {Quoted(orderKeys)} are other versions by now; read them again");

    public static ApiError ValidationFailed(string detail, IReadOnlyDictionary<string, string[]> errors) =>
        new(StatusCodes.Status422UnprocessableEntity, "validation_failed", detail) { Errors = errors };

    /// <param name="reason">A sentence without a host name, a user name or a connection string.</param>
    public static ApiError DatabaseUnavailable(string reason) =>
        new(StatusCodes.Status503ServiceUnavailable, "database_unavailable", reason) { RetryAfter = 2 };

    /// <param name="reason">A sentence without a host name.</param>
    public static ApiError WorkspaceUnavailable(string reason) =>
        new(StatusCodes.Status503ServiceUnavailable, "workspace_unavailable", reason) { RetryAfter = 10 };

    /// <param name="limit">What is limited, and to what.</param>
    /// <param name="retryAfter">The seconds until the next request will do; null when it never will.</param>
    public static ApiError RateLimited(string limit, int? retryAfter) =>
        new(StatusCodes.Status429TooManyRequests, "rate_limited", $"The caller's limit is used up: {limit}.") { RetryAfter = retryAfter };

    public static ApiError Internal(string detail) => new(StatusCodes.Status500InternalServerError, "internal_error", detail);

    /// <summary>The error for a status that the framework decided on by itself.</summary>
    public static ApiError FromStatus(int status) => status switch
    {
        StatusCodes.Status404NotFound => NotFound,
        StatusCodes.Status405MethodNotAllowed => MethodNotAllowed,
        StatusCodes.Status400BadRequest => BadRequest,
        StatusCodes.Status408RequestTimeout => RequestTimeout,
        StatusCodes.Status413PayloadTooLarge => PayloadTooLarge,
        StatusCodes.Status415UnsupportedMediaType => UnsupportedMediaType,
        StatusCodes.Status504GatewayTimeout => Timeout,
        StatusCodes.Status411LengthRequired => OfFramework(status, "length_required"),
        StatusCodes.Status414UriTooLong => OfFramework(status, "uri_too_long"),
        StatusCodes.Status431RequestHeaderFieldsTooLarge => OfFramework(status, "request_header_fields_too_large"),
        StatusCodes.Status505HttpVersionNotsupported => OfFramework(status, "http_version_not_supported"),
        >= StatusCodes.Status500InternalServerError => Internal("Internal server error occurred"),
        _ => OfFramework(status, BadRequest.Code),
    };

    private static string Quoted(IReadOnlyList<long> orderKeys) => string.Join(", ", orderKeys.Select(orderKey => $"'{orderKey}'"));

    private static ApiError OfFramework(int status, string code) =>
        new(status, code, $"The request can't be answered: {ReasonPhrases.GetReasonPhrase(status).ToLowerInvariant()}.");
}
