using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Orders.Api.Limits;

namespace Orders.Tests.Limits;

internal sealed class LargePagesTests
{
    private readonly LargePages _pages = new();

    [OneTimeTearDown]
    public async Task EndAsync() => await _pages.DisposeAsync();

    [Test]
    public async Task A_large_page_waits_for_room_until_another_has_been_sent_and_a_small_one_does_not()
    {
        var running = new Queue<Request>();
        Request last;
        Task waiting;
        do
        {
            running.Enqueue(last = new Request());
            waiting = _pages.WaitAsync(last.Context, 1000).AsTask();
        }
        while (waiting.IsCompletedSuccessfully);
        Assert.That(running, Has.Count.EqualTo(257));
        Assert.That(_pages.WaitAsync(new Request().Context, 100).AsTask().IsCompletedSuccessfully);

        await running.Dequeue().EndAsync();
        await waiting.WaitAsync(TimeSpan.FromSeconds(30));
        while (running.TryDequeue(out Request? request))
        {
            await request.EndAsync();
        }
    }

    [Test]
    public async Task Waiting_ends_with_the_time_of_the_request()
    {
        var running = new Queue<Request>();
        using var time = new CancellationTokenSource();
        Task waiting;
        do
        {
            running.Enqueue(new Request(time.Token));
            waiting = _pages.WaitAsync(running.Last().Context, 1000).AsTask();
        }
        while (waiting.IsCompletedSuccessfully);
        await time.CancelAsync();
        Assert.That(async () => await waiting, Throws.InstanceOf<OperationCanceledException>());
        while (running.TryDequeue(out Request? request))
        {
            await request.EndAsync();
        }
    }

    /// <summary>A request that ends when the test says so.</summary>
    private sealed class Request : HttpResponseFeature
    {
        private readonly List<Func<Task>> _atEnd = [];

        public Request(CancellationToken aborted = default)
        {
            var features = new FeatureCollection();
            features.Set<IHttpRequestFeature>(new HttpRequestFeature());
            features.Set<IHttpResponseFeature>(this);
            Context = new DefaultHttpContext(features) { RequestAborted = aborted };
        }

        public HttpContext Context { get; }

        public override void OnCompleted(Func<object, Task> callback, object state) => _atEnd.Add(() => callback(state));

        public async Task EndAsync()
        {
            foreach (Func<Task> end in _atEnd)
            {
                await end();
            }
        }
    }
}
