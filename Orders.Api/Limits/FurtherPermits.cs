using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Mvc;

namespace Orders.Api.Limits;

/// <summary>Takes the permits of a request that counts as many: the first is taken before its body is read, the others when it is.</summary>
public sealed class FurtherPermits
{
    private readonly CallerRateLimiter _limiter;

    internal FurtherPermits(CallerRateLimiter limiter) => _limiter = limiter;

    /// <param name="context">The request.</param>
    /// <param name="count">As how many it counts.</param>
    /// <returns>Null when it may go on, else its answer: 429.</returns>
    public ActionResult? Take(HttpContext context, int count)
    {
        if (count <= 1)
        {
            return null;
        }

        using RateLimitLease lease = _limiter.AttemptAcquire(context, count - 1);
        return lease.IsAcquired ? null : new Refusal(_limiter, lease);
    }

    private sealed class Refusal(CallerRateLimiter limiter, RateLimitLease lease) : ActionResult
    {
        public override Task ExecuteResultAsync(ActionContext context) => LimitsExtensions.RejectAsync(context.HttpContext, lease, limiter);
    }
}
