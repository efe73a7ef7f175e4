using Microsoft.Extensions.Logging.Abstractions;
using Orders.Infrastructure.Lakebase.Connecting;
using Orders.Infrastructure.Lakebase.Workspace;
using Orders.Tests.Lakebase.Support;

namespace Orders.Tests.Lakebase.Connecting;

internal sealed class DatabaseCredentialsTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    /// <summary>Of true time: for what would wait for ever.</summary>
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private SteppedTime _time = null!;
    private DatabaseCredentials _credentials = null!;
    private CredentialRenewal _renewal = null!;
    private int _asked;
    private Func<Task<DatabaseCredential>>? _answer;

    [SetUp]
    public void SetUp()
    {
        (_time, _asked, _answer) = (new SteppedTime(), 0, null);
        _credentials = new DatabaseCredentials(_time);
        _renewal = new CredentialRenewal(_credentials, IssueAsync, _time, NullLogger<CredentialRenewal>.Instance);
    }

    [TearDown]
    public async Task TearDownAsync()
    {
        await _renewal.StopAsync(CancellationToken.None);
        _renewal.Dispose();
    }

    [Test]
    public async Task Logins_wait_for_the_first_credential_and_share_it()
    {
        Task<string>[] logins = [.. Enumerable.Range(0, 10).Select(_ => PasswordAsync())];
        await _renewal.StartAsync(CancellationToken.None);
        Assert.That(await Task.WhenAll(logins), Is.All.EqualTo("password 1"));
        Assert.That(_asked, Is.EqualTo(1));
    }

    [Test]
    public async Task A_credential_is_renewed_after_a_third_of_its_life()
    {
        await _renewal.StartAsync(CancellationToken.None);
        for (int renewal = 1; renewal <= 3; renewal++)
        {
            await _time.WaitForTimerAsync(Hour / 3);
            Assert.That(await PasswordAsync(), Is.EqualTo($"password {renewal}"));
            _time.Advance(Hour / 3);
        }
    }

    [Test]
    public async Task Renewals_that_fail_are_tried_again_with_growing_pauses_that_never_fall_below_a_second()
    {
        await _renewal.StartAsync(CancellationToken.None);
        await _time.WaitForTimerAsync(Hour / 3);
        _answer = () => throw new DatabricksException(null, "DOWN", "Down.");
        _time.Advance(Hour / 3);
        foreach (double seconds in new double[] { 1, 2, 4, 8, 16, 30, 30, 30 })
        {
            TimeSpan pause = await _time.WaitForTimerAsync(TimeSpan.Zero, TimeSpan.FromMinutes(10));
            Assert.That(pause.TotalSeconds, Is.InRange(Math.Max(1, seconds * 0.75), seconds));
            Assert.That(await PasswordAsync(), Is.EqualTo("password 1"));
            _time.Advance(pause);
        }
    }

    [Test]
    public async Task Without_any_credential_a_login_is_told_why()
    {
        _answer = () => throw new DatabricksException(null, "DOWN", "Down.");
        await _renewal.StartAsync(CancellationToken.None);
        Assert.That(() => PasswordAsync(), Throws.TypeOf<DatabricksException>().With.Property("Code").EqualTo("DOWN"));
    }

    [Test]
    public async Task Nothing_that_happens_ends_the_renewals()
    {
        _answer = () => throw new InvalidOperationException("The secret is hunter2.");
        await _renewal.StartAsync(CancellationToken.None);
        Assert.That(() => PasswordAsync().WaitAsync(Deadline), Throws.TypeOf<DatabricksException>().With.Property("Code").EqualTo(DatabricksException.Broken).And.Message.Not.Contain("hunter2"));
        _answer = () => throw new OperationCanceledException();
        await _time.WaitForTimerAsync(TimeSpan.FromSeconds(1));
        _time.Advance(TimeSpan.FromSeconds(1));
        TimeSpan pause = await _time.WaitForTimerAsync(TimeSpan.FromSeconds(1.5), TimeSpan.FromSeconds(2));
        _answer = null;
        _time.Advance(pause);
        await _time.WaitForTimerAsync(Hour / 3);
        Assert.That(await PasswordAsync(), Is.EqualTo("password 3"));
    }

    [Test]
    public async Task A_login_does_not_wait_for_ever()
    {
        _answer = () => new TaskCompletionSource<DatabaseCredential>().Task;
        await _renewal.StartAsync(CancellationToken.None);
        Task<string> login = PasswordAsync();
        await _time.PassAsync(login, TimeSpan.FromSeconds(2));
        Assert.That(() => login, Throws.TypeOf<DatabricksException>().With.Property("Code").EqualTo(DatabricksException.TimedOut));

        // Its loop is let go as well.
        _answer = null;
    }

    [Test]
    public async Task Past_its_end_a_credential_is_used_while_there_is_no_other()
    {
        await _renewal.StartAsync(CancellationToken.None);
        await _time.WaitForTimerAsync(Hour / 3);
        _answer = () => throw new DatabricksException(null, "DOWN", "Down.");
        DateTimeOffset end = _time.GetUtcNow() + (2 * Hour);
        _time.Advance(Hour / 3);
        while (_time.GetUtcNow() < end)
        {
            TimeSpan pause = await _time.WaitForTimerAsync(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30));
            Assert.That((await PasswordAsync(), _credentials.Failure!.Code), Is.EqualTo(("password 1", "DOWN")));
            _time.Advance(pause);
        }
    }

    [Test]
    public async Task Refused_logins_ask_for_one_new_credential_between_them()
    {
        await _renewal.StartAsync(CancellationToken.None);
        await PasswordAsync();
        await _time.WaitForTimerAsync(Hour / 3);
        int refused = _credentials.Version;
        bool[] renewed = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => _credentials.RenewAsync(refused, CancellationToken.None)));
        Assert.That(renewed, Is.All.True);
        Assert.That(_asked, Is.EqualTo(2));
    }

    [Test]
    public async Task A_role_that_is_refused_with_any_credential_causes_no_storm_of_them()
    {
        await _renewal.StartAsync(CancellationToken.None);
        await PasswordAsync();
        await _time.WaitForTimerAsync(Hour / 3);
        Assert.That(await _credentials.RenewAsync(_credentials.Version, CancellationToken.None), Is.True);
        for (int i = 0; i < 20; i++)
        {
            Assert.That(await _credentials.RenewAsync(_credentials.Version, CancellationToken.None), Is.False);
        }

        Assert.That(_asked, Is.EqualTo(2));
        await _time.WaitForTimerAsync(Hour / 3);
        _time.Advance(TimeSpan.FromSeconds(30));
        Assert.That(await _credentials.RenewAsync(_credentials.Version, CancellationToken.None), Is.True);
    }

    [Test]
    public async Task A_new_credential_that_is_refused_is_known_as_such_also_when_it_took_two_requests()
    {
        await _renewal.StartAsync(CancellationToken.None);
        await _time.WaitForTimerAsync(Hour / 3);
        _answer = () => throw new DatabricksException(null, "DOWN", "Down.");
        Assert.That(await _credentials.RenewAsync(1, CancellationToken.None), Is.False);
        _answer = null;
        await _time.WaitForTimerAsync(TimeSpan.FromSeconds(1));
        _time.Advance(TimeSpan.FromSeconds(1));
        await _time.WaitForTimerAsync(Hour / 3);
        Assert.That(_credentials.IsRefusedAnew, Is.False);
        Assert.That((await _credentials.RenewAsync(2, CancellationToken.None), _credentials.IsRefusedAnew), Is.EqualTo((false, true)));
    }

    [Test]
    public async Task A_credential_that_ends_at_once_is_not_asked_for_in_a_hurry()
    {
        _answer = () => Task.FromResult(Credential(TimeSpan.FromMilliseconds(1)));
        await _renewal.StartAsync(CancellationToken.None);
        Assert.That(await _time.WaitForTimerAsync(TimeSpan.Zero, Hour), Is.EqualTo(TimeSpan.FromSeconds(30)));
    }

    private Task<DatabaseCredential> IssueAsync(CancellationToken cancellationToken)
    {
        _asked++;
        return (_answer?.Invoke() ?? Task.FromResult(Credential(Hour))).WaitAsync(cancellationToken);
    }

    private DatabaseCredential Credential(TimeSpan lifetime) => new(new Secret($"password {_asked}"), new CredentialLifetime(lifetime, IsAssumed: false));

    private Task<string> PasswordAsync() => _credentials.GetPasswordAsync(CancellationToken.None).AsTask();
}
