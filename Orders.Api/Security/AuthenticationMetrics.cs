using System.Diagnostics.Metrics;
using Orders.Application;

namespace Orders.Api.Security;

/// <summary>How requests that take a scope were let through or refused.</summary>
internal static class AuthenticationMetrics
{
    /// <summary>Let through with credentials.</summary>
    public const string Accepted = "accepted";

    /// <summary>Let through without: access is open.</summary>
    public const string Anonymous = "anonymous";

    /// <summary>401: no credentials were sent.</summary>
    public const string Missing = "missing";

    /// <summary>401: what was sent is not taken.</summary>
    public const string Invalid = "invalid";

    /// <summary>403: the caller has not the scope.</summary>
    public const string Forbidden = "forbidden";

    /// <summary>503: the identity provider's keys can't be had.</summary>
    public const string Unavailable = "unavailable";

    private static readonly Counter<long> Results = OrdersTelemetry.Meter.CreateCounter<long>(
        "orders.authentication.results", "{request}", "Requests that take a scope, by what became of their credentials.");

    public static void Record(string result) => Results.Add(1, new KeyValuePair<string, object?>("orders.authentication.result", result));
}
