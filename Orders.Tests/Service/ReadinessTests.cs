using System.Threading.Channels;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Time.Testing;
using Orders.Api.Service;

namespace Orders.Tests.Service;

/// <summary>Who shares a check. Checks end when the test says so.</summary>
internal sealed class ReadinessTests
{
    private readonly FakeTimeProvider _time = new();
    private Checks _checks = null!;
    private Readiness _readiness = null!;

    [SetUp]
    public void SetUp()
    {
        _checks = new Checks();
        _readiness = new Readiness(_checks, _time);
    }

    [Test]
    public async Task A_thousand_askers_share_one_check()
    {
        Task<HealthReport>[] askers = [.. Enumerable.Range(0, 1000).Select(_ => AskAsync())];
        await _checks.EndAsync(HealthStatus.Healthy);
        await Task.WhenAll(askers);
        Assert.That(await StatusAsync(), Is.EqualTo(HealthStatus.Healthy));
        Assert.That(_checks.Started, Is.EqualTo(1));
    }

    [Test]
    public async Task That_the_service_is_ready_is_known_for_a_second()
    {
        Task<HealthReport> first = AskAsync();
        await _checks.EndAsync(HealthStatus.Healthy);
        await first;
        _time.Advance(TimeSpan.FromSeconds(0.99));
        Assert.That(await StatusAsync(), Is.EqualTo(HealthStatus.Healthy));
        _time.Advance(TimeSpan.FromSeconds(0.01));
        Task<HealthReport> next = AskAsync();
        await _checks.EndAsync(HealthStatus.Unhealthy);
        Assert.That((await next).Status, Is.EqualTo(HealthStatus.Unhealthy));
        Assert.That(_checks.Started, Is.EqualTo(2));
    }

    [Test]
    public async Task That_it_is_not_ready_is_asked_again_at_once()
    {
        Task<HealthReport> first = AskAsync();
        await _checks.EndAsync(HealthStatus.Unhealthy);
        await first;
        Task<HealthReport> next = AskAsync();
        await _checks.EndAsync(HealthStatus.Healthy);
        Assert.That((await next).Status, Is.EqualTo(HealthStatus.Healthy));
    }

    [Test]
    public async Task An_asker_that_leaves_does_not_end_the_check_of_the_others()
    {
        using var leaving = new CancellationTokenSource();
        Task<HealthReport> gone = _readiness.CheckAsync(leaving.Token);
        Task<HealthReport> other = AskAsync();
        await leaving.CancelAsync();
        Assert.That(async () => await gone, Throws.InstanceOf<OperationCanceledException>());
        await _checks.EndAsync(HealthStatus.Healthy);
        Assert.That((await other).Status, Is.EqualTo(HealthStatus.Healthy));
        Assert.That(_checks.Started, Is.EqualTo(1));
    }

    private Task<HealthReport> AskAsync() => _readiness.CheckAsync(CancellationToken.None);

    private async Task<HealthStatus> StatusAsync() => (await AskAsync()).Status;

    /// <summary>Checks that are ended one after another.</summary>
    private sealed class Checks : HealthCheckService
    {
        private readonly Channel<TaskCompletionSource<HealthReport>> _begun = Channel.CreateUnbounded<TaskCompletionSource<HealthReport>>();

        public int Started { get; private set; }

        public override Task<HealthReport> CheckHealthAsync(Func<HealthCheckRegistration, bool>? predicate, CancellationToken cancellationToken = default)
        {
            Started++;
            var report = new TaskCompletionSource<HealthReport>();
            _begun.Writer.TryWrite(report);
            return report.Task;
        }

        public async Task EndAsync(HealthStatus status)
        {
            TaskCompletionSource<HealthReport> report = await _begun.Reader.ReadAsync();
            report.SetResult(new HealthReport(new Dictionary<string, HealthReportEntry>(), status, TimeSpan.Zero));
        }
    }
}
