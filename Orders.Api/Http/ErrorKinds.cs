namespace Orders.Api.Http;

/// <summary>Every error that a client can meet, by its code: what it means, whether to try again, and what to change.</summary>
/// <remarks>The list is closed, and the documents show it as an enum: a new code is a new version of the API.</remarks>
internal static class ErrorKinds
{
    private const string Now = "Not without a change: the same request gets the same answer.";
    private const string Later = "Yes, after the seconds of Retry-After.";

    public static readonly IReadOnlyList<ErrorKind> All =
    [
        new(
            "bad_request", 400,
            "The request is not well-formed HTTP.",
            Now,
            "Look at how it is put together; a client library does it right."),
        new(
            "host_not_allowed", 400,
            "The header Host names a host that this service does not answer for.",
            Now,
            "Call it by one of its names, or ask its operator to add yours (AllowedHosts)."),
        new(
            "invalid_order_key", 400,
            "The order key is zero or negative.",
            Now,
            "Send a positive key, as o_orderkey has it."),
        new(
            "unauthenticated", 401,
            "There are no credentials where some are needed, or none that are valid.",
            "Once, with a new token when yours may have expired.",
            "Send a bearer token in Authorization, or an API key in X-API-Key. Unknown, expired and revoked ones are not told apart."),
        new(
            "forbidden", 403,
            "The credentials are valid and do not allow this, or the service takes no changes.",
            Now,
            "Ask for the scope that detail names."),
        new(
            "not_found", 404,
            "There is nothing at this path.",
            Now,
            "Look at the path; /docs shows what there is."),
        new(
            "order_not_found", 404,
            "There is no order with this key.",
            "Not before somebody has inserted it.",
            "Take keys from pages, slices or the sample."),
        new(
            "method_not_allowed", 405,
            "The path does not take this method.",
            Now,
            "Use one of the methods in the header Allow."),
        new(
            "request_timeout", 408,
            "The headers or the body of the request came too slowly.",
            "Yes.",
            "Send a request in one go, over a better line."),
        new(
            "resources_busy", 409,
            "Another operation on the resources runs.",
            "Yes, when it has ended.",
            "Ask lakebase-resources how far it is."),
        new(
            "length_required", 411,
            "The request has a body and says neither its length nor that it comes in chunks.",
            Now,
            "Send Content-Length."),
        new(
            "precondition_failed", 412,
            "The order is another version than If-Match names: somebody has changed it.",
            "Not as it is.",
            "Read the order again, decide anew, and send the ETag that it has now."),
        new(
            "payload_too_large", 413,
            "The body is larger than this operation takes.",
            Now,
            "Send less; a change of status needs 30 bytes."),
        new(
            "uri_too_long", 414,
            "The address is longer than 32 KB.",
            Now,
            "Ask for less in one request."),
        new(
            "unsupported_media_type", 415,
            "The body is not JSON by its content type.",
            Now,
            "Send Content-Type: application/json, in UTF-8 and not compressed."),
        new(
            "validation_failed", 422,
            "A parameter or a member of the body is missing or has a value that it cannot have.",
            Now,
            "errors says under each name what is wrong with it."),
        new(
            "rate_limited", 429,
            "The caller has made more requests than it may.",
            Later,
            "Spread requests over time; RateLimit says how many are left. A limit that is too low is for the operator to raise."),
        new(
            "request_header_fields_too_large", 431,
            "The headers are larger than 32 KB, or more than 100.",
            Now,
            "Send fewer or shorter ones."),
        new(
            "internal_error", 500,
            "Something failed that is not the doing of the caller.",
            "A read yes, once. A change may have been made: read the order first.",
            "Give trace_id to the operator, who finds the cause in the log by it."),
        new(
            "database_unavailable", 503,
            "The database is unreachable, starting, out of connections, or its table is not what it should be.",
            Later,
            "Nothing; detail tells what an operator has to know."),
        new(
            "workspace_unavailable", 503,
            "The Databricks workspace does not answer.",
            Later,
            "Nothing; detail tells what an operator has to know."),
        new(
            "count_not_ready", 503,
            "The orders are still being counted for the first time.",
            Later,
            "Nothing. Pages and slices need no count."),
        new(
            "authentication_unavailable", 503,
            "Tokens cannot be checked, as the identity provider does not answer.",
            Later,
            "Nothing. API keys are checked without it."),
        new(
            "overloaded", 503,
            "More requests are under way than the service takes.",
            Later,
            "Send fewer at a time."),
        new(
            "shutting_down", 503,
            "This instance is shutting down; only its readiness says so.",
            "Yes, at another instance.",
            "Nothing; balancers take it out of rotation by this answer."),
        new(
            "timeout", 504,
            "A statement or the request took longer than its time limit.",
            "A read yes. A change may have been made: it may be repeated.",
            "Ask for less in one request."),
        new(
            "http_version_not_supported", 505,
            "The request is of a version of HTTP that is not served here.",
            Now,
            "Use HTTP/1.1 or HTTP/2."),
    ];

    /// <returns>Null when there is no such code.</returns>
    public static ErrorKind? Find(string code) => All.FirstOrDefault(kind => kind.Code == code);
}
