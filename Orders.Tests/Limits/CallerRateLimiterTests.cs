using System.Net;
using System.Security.Claims;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Http;
using Orders.Api.Limits;
using Orders.Application;

namespace Orders.Tests.Limits;

/// <summary>Whose requests count together. The rates are so low that nothing is given back while a test runs.</summary>
internal sealed class CallerRateLimiterTests
{
    private CallerRateLimiter _limiter = null!;

    [SetUp]
    public void SetUp() => _limiter = new CallerRateLimiter(new RateLimitOptions { Read = RateLimit.Parse("3/h"), Write = RateLimit.Parse("2/h burst 5") });

    [TearDown]
    public void TearDown() => _limiter.Dispose();

    [Test]
    public void Callers_with_a_name_count_by_it_wherever_they_are()
    {
        Assert.That(Takes(Request("192.0.2.1", "Bearer", "ann"), 3), Is.True);
        Assert.That(Takes(Request("192.0.2.2", "Bearer", "ann"), 1), Is.False);
        Assert.That(Takes(Request("192.0.2.1", "Bearer", "bob"), 3), Is.True);
        Assert.That(Takes(Request("192.0.2.1", "ApiKey", "ann"), 3), Is.True);
        Assert.That(Takes(Request("192.0.2.1"), 3), Is.True);
    }

    [Test]
    public void Callers_without_a_name_count_by_their_network()
    {
        Assert.That(Takes(Request("2001:db8::1"), 2), Is.True);
        Assert.That(Takes(Request("2001:db8::2"), 2), Is.False);
        Assert.That(Takes(Request("2001:db8::2"), 1), Is.True);
        Assert.That(Takes(Request("2001:db8:0:1::1"), 3), Is.True);
        Assert.That(Takes(Request("192.0.2.1"), 3), Is.True);
        Assert.That(Takes(Request("192.0.2.1", "Bearer", name: null), 1), Is.False);
    }

    [Test]
    public void Reads_and_changes_count_apart()
    {
        Assert.That(Takes(Request("192.0.2.1"), 3), Is.True);
        Assert.That(Takes(Request("192.0.2.1", method: "HEAD"), 1), Is.False);
        Assert.That(Takes(Request("192.0.2.1", method: "POST"), 5), Is.True);
        Assert.That(Takes(Request("192.0.2.1", method: "PATCH"), 1), Is.False);
    }

    [Test]
    public void What_counts_as_more_than_a_burst_is_refused_and_takes_nothing()
    {
        using RateLimitLease refused = _limiter.AttemptAcquire(Request("192.0.2.1", method: "POST"), 6);
        Assert.That((refused.IsAcquired, refused.TryGetMetadata(MetadataName.RetryAfter, out _)), Is.EqualTo((false, false)));
        Assert.That(Takes(Request("192.0.2.1", method: "POST"), 5), Is.True);
    }

    [Test]
    public void What_counts_as_many_is_told_how_long_the_missing_ones_take()
    {
        Assert.That(Takes(Request("192.0.2.1", method: "POST"), 4), Is.True);
        using RateLimitLease refused = _limiter.AttemptAcquire(Request("192.0.2.1", method: "POST"), 3);
        Assert.That(refused.TryGetMetadata(MetadataName.RetryAfter, out TimeSpan wait), Is.True);
        Assert.That(wait, Is.EqualTo(TimeSpan.FromHours(1)));
    }

    [Test]
    public void Other_endpoints_and_unknown_paths_are_under_no_limit()
    {
        DefaultHttpContext unknown = Request("192.0.2.1");
        unknown.SetEndpoint(null);
        Assert.That(_limiter.PolicyOf(unknown), Is.Null);
        Assert.That(Takes(unknown, 1000), Is.True);
    }

    [Test]
    public void What_was_used_is_given_back_at_the_rate()
    {
        using var limiter = new CallerRateLimiter(new RateLimitOptions { Read = RateLimit.Parse("50/s") });
        DefaultHttpContext request = Request("192.0.2.1");
        Assert.That(limiter.AttemptAcquire(request, 50).IsAcquired, Is.True);
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        SpinWait.SpinUntil(() => limiter.AttemptAcquire(request, 40).IsAcquired || deadline.IsCancellationRequested);
        Assert.That(deadline.IsCancellationRequested, Is.False);
    }

    private bool Takes(HttpContext request, int permits)
    {
        using RateLimitLease lease = _limiter.AttemptAcquire(request, permits);
        return lease.IsAcquired;
    }

    private static DefaultHttpContext Request(string address, string? credentials = null, string? name = "ann", string method = "GET")
    {
        var context = new DefaultHttpContext();
        context.Request.Method = method;
        context.Connection.RemoteIpAddress = IPAddress.Parse(address);
        context.SetEndpoint(new Endpoint(null, new EndpointMetadataCollection(new RateLimitedAttribute()), null));
        if (credentials is not null)
        {
            Claim[] claims = name is null ? [] : [new Claim(ClaimTypes.Name, name)];
            context.User = new ClaimsPrincipal(new ClaimsIdentity(claims, credentials));
        }

        return context;
    }
}
