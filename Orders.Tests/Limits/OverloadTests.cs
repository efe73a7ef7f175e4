using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Orders.Api.Limits;
using Orders.Tests.Support;

namespace Orders.Tests.Limits;

/// <summary>More requests than the service takes, over HTTP.</summary>
internal sealed class OverloadTests
{
    private TestDatabase _database = null!;

    [SetUp]
    public async Task SetUpAsync() => _database = await TestDatabase.CreateAsync(1, 2, 3);

    [TearDown]
    public async Task TearDownAsync() => await _database.DisposeAsync();

    [Test]
    public async Task What_is_too_much_is_refused_while_health_is_answered_and_the_others_are_served_in_the_end()
    {
        // A clock that stands still: nobody has waited too long.
        var time = new FakeTimeProvider();
        await using RunningApi api = await RunningApi.StartAsync(
            time, $"--ConnectionStrings:Orders={_database.ConnectionString}", "--Orders:MaxConcurrentRequests=2", "--Orders:CountMaxAge=3600");
        Assert.That((await api.GetAsync("/api/v1/orders/count")).Status, Is.EqualTo(200));
        await using LockedTable locked = await LockedTable.TakeAsync(_database);

        // Two run, one of this network waits.
        Task<RunningApi.Answer>[] answers = [.. Enumerable.Range(0, 4).Select(_ => api.GetAsync("/api/v1/orders/1"))];
        Task<RunningApi.Answer> first = await Task.WhenAny(answers);
        RunningApi.Answer refused = await first;
        Assert.That((refused.Status, refused.ContentType, refused.Code), Is.EqualTo((503, "application/problem+json", "overloaded")));
        Assert.That(refused.Headers["Retry-After"], Is.EqualTo("1"));
        foreach (string path in new[] { "/health/live", "/health/ready", "/api/v1/healthcheck" })
        {
            Assert.That((await api.GetAsync(path)).Status, Is.EqualTo(200), path);
        }

        await locked.DisposeAsync();
        Assert.That((await Task.WhenAll(answers.Except([first]))).Select(answer => answer.Status), Is.All.EqualTo(200));
        Assert.That((await api.GetAsync("/api/v1/orders/1")).Status, Is.EqualTo(200));
    }

    [Test]
    public async Task Without_a_limit_all_run_at_once()
    {
        await using RunningApi api = await RunningApi.StartAsync(_database.ConnectionString, "--Orders:MaxConcurrentRequests=0");
        await using LockedTable locked = await LockedTable.TakeAsync(_database);
        Task<RunningApi.Answer>[] answers = [.. Enumerable.Range(0, 100).Select(key => api.GetAsync($"/api/v1/orders/{key % 3 + 1}"))];
        await locked.WaitForBlockedAsync();
        await locked.DisposeAsync();
        Assert.That((await Task.WhenAll(answers)).Select(answer => answer.Status), Is.All.EqualTo(200));
    }

    [Test]
    public async Task A_client_that_reads_its_answer_slowly_keeps_nobody_from_running()
    {
        var read = new TaskCompletionSource();
        await using WebApplication app = Serve(async context =>
        {
            if (context.Request.Path == "/slow")
            {
                await context.Response.Body.FlushAsync();
                await read.Task;
            }
        });
        await app.StartAsync();
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
        Task<HttpResponseMessage>[] slow = [.. Enumerable.Range(0, 5).Select(_ => client.GetAsync("/slow", HttpCompletionOption.ResponseHeadersRead))];
        await Task.WhenAll(slow);
        using HttpResponseMessage other = await client.GetAsync("/other");
        Assert.That((int)other.StatusCode, Is.EqualTo(200));
        read.SetResult();
    }

    [Test]
    public async Task A_request_whose_client_left_or_that_failed_gives_its_permit_back()
    {
        var begun = new SemaphoreSlim(0);
        await using WebApplication app = Serve(async context =>
        {
            if (context.Request.Path == "/left")
            {
                begun.Release();
                await Task.Delay(Timeout.Infinite, context.RequestAborted);
            }
            else if (context.Request.Path == "/failed")
            {
                throw new InvalidOperationException("On purpose.");
            }
        });
        await app.StartAsync();
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
        for (int turn = 0; turn < 3; turn++)
        {
            using var leaving = new CancellationTokenSource();
            Task<HttpResponseMessage> left = client.GetAsync("/left", leaving.Token);
            await begun.WaitAsync();
            await leaving.CancelAsync();
            Assert.That(async () => await left, Throws.InstanceOf<OperationCanceledException>());
            using HttpResponseMessage failed = await client.GetAsync("/failed");
            using HttpResponseMessage other = await client.GetAsync("/other");
            Assert.That(((int)failed.StatusCode, (int)other.StatusCode), Is.EqualTo((500, 200)));
        }
    }

    /// <summary>An application with one permit.</summary>
    private static WebApplication Serve(RequestDelegate answer)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(["--urls=http://127.0.0.1:0"]);
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(new ConcurrencyLimit(1, TimeProvider.System));
        WebApplication app = builder.Build();
        app.UseMiddleware<ConcurrencyLimitMiddleware>();
        app.Run(answer);
        return app;
    }
}
