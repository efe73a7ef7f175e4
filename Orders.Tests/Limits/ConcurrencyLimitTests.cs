using System.Net;
using System.Threading.RateLimiting;
using Microsoft.Extensions.Time.Testing;
using Orders.Api.Limits;

namespace Orders.Tests.Limits;

/// <summary>Who runs, who waits and who is refused, at a limit of four.</summary>
internal sealed class ConcurrencyLimitTests
{
    private readonly FakeTimeProvider _time = new();
    private ConcurrencyLimit _limit = null!;

    [SetUp]
    public void SetUp() => _limit = new ConcurrencyLimit(4, _time);

    [TearDown]
    public async Task TearDownAsync() => await _limit.DisposeAsync();

    [Test]
    public void As_many_run_as_the_limit_says_and_a_permit_is_good_for_the_next()
    {
        RateLimitLease[] running = FillUp();
        Assert.That(running.Select(permit => permit.IsAcquired), Is.All.True);
        Assert.That(_limit.TryStart().IsAcquired, Is.False);
        running[2].Dispose();
        running[2].Dispose();
        Assert.That(_limit.TryStart().IsAcquired, Is.True);
        Assert.That(_limit.TryStart().IsAcquired, Is.False);
    }

    [Test]
    public async Task A_network_waits_in_half_of_the_places_and_leaves_the_others_to_others()
    {
        FillUp();
        Task<RateLimitLease?>[] greedy = [WaitAsync("192.0.2.1"), WaitAsync("192.0.2.1")];
        for (int more = 0; more < 2000; more++)
        {
            Assert.That(await WaitAsync("192.0.2.1"), Is.Null);
        }

        Task<RateLimitLease?>[] others = [WaitAsync("192.0.2.2"), WaitAsync("2001:db8::1")];
        Assert.That(greedy.Concat(others).Select(task => task.IsCompleted), Is.All.False);
        Assert.That(await WaitAsync("192.0.2.3"), Is.Null);
    }

    [Test]
    public async Task The_oldest_goes_first_and_nobody_that_comes_later_goes_before_it()
    {
        RateLimitLease[] running = FillUp();
        Task<RateLimitLease?> first = WaitAsync("192.0.2.1");
        Task<RateLimitLease?> second = WaitAsync("192.0.2.2");
        running[0].Dispose();
        Assert.That((await first)?.IsAcquired, Is.True);
        Assert.That(second.IsCompleted, Is.False);
        Assert.That(_limit.TryStart().IsAcquired, Is.False);
        (await first)!.Dispose();
        Assert.That((await second)?.IsAcquired, Is.True);
    }

    [Test]
    public async Task Nobody_waits_longer_than_a_second()
    {
        RateLimitLease[] running = FillUp();
        Task<RateLimitLease?> waiting = WaitAsync("192.0.2.1");
        _time.Advance(TimeSpan.FromSeconds(0.9));
        Assert.That(waiting.IsCompleted, Is.False);
        _time.Advance(TimeSpan.FromSeconds(0.1));
        Assert.That(await waiting, Is.Null);

        // Its place in the queue is free, and it takes no permit.
        Task<RateLimitLease?>[] next = [WaitAsync("192.0.2.1"), WaitAsync("192.0.2.1")];
        running[0].Dispose();
        running[1].Dispose();
        Assert.That((await Task.WhenAll(next)).Select(permit => permit?.IsAcquired), Is.All.True);
    }

    [Test]
    public async Task A_client_that_leaves_gives_up_its_place()
    {
        FillUp();
        using var leaving = new CancellationTokenSource();
        Task<RateLimitLease?>[] gone =
        [
            _limit.WaitAsync(Network("192.0.2.1"), leaving.Token), _limit.WaitAsync(Network("192.0.2.1"), leaving.Token),
        ];
        await leaving.CancelAsync();
        Assert.That(() => Task.WhenAll(gone), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(WaitAsync("192.0.2.1").IsCompleted, Is.False);
    }

    [Test]
    public async Task At_a_limit_of_one_a_request_of_another_network_finds_a_place()
    {
        await using var limit = new ConcurrencyLimit(1, _time);
        Assert.That(limit.TryStart().IsAcquired, Is.True);
        Task<RateLimitLease?> one = limit.WaitAsync(Network("192.0.2.1"), CancellationToken.None);
        Assert.That(await limit.WaitAsync(Network("192.0.2.1"), CancellationToken.None), Is.Null);
        Task<RateLimitLease?> other = limit.WaitAsync(Network("192.0.2.2"), CancellationToken.None);
        Assert.That((one.IsCompleted, other.IsCompleted), Is.EqualTo((false, false)));
    }

    private RateLimitLease[] FillUp() => [_limit.TryStart(), _limit.TryStart(), _limit.TryStart(), _limit.TryStart()];

    private Task<RateLimitLease?> WaitAsync(string address) => _limit.WaitAsync(Network(address), CancellationToken.None);

    private static ClientNetwork Network(string address) => ClientNetwork.Of(IPAddress.Parse(address));
}
