using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Orders.Api.Http;

namespace Orders.Tests.Http;

internal sealed class UnsentAnswersTests
{
    [Test]
    public async Task When_memory_is_used_up_the_one_that_waits_longest_is_closed()
    {
        var answers = new UnsentAnswers(capacity: 100);
        Answer[] waiting = [.. Enumerable.Range(0, 4).Select(_ => new Answer())];
        Task[] sending = [.. waiting.Select(answer => answers.SendAsync(answer.Sent.Task, answer.Context, 40))];
        Assert.That(waiting.Select(answer => answer.IsClosed), Is.EqualTo(new[] { true, true, false, false }));
        Array.ForEach(waiting, answer => answer.Sent.SetResult());
        await Task.WhenAll(sending);
    }

    [Test]
    public async Task What_is_sent_makes_room()
    {
        var answers = new UnsentAnswers(capacity: 100);
        Answer[] waiting = [.. Enumerable.Range(0, 10).Select(_ => new Answer())];
        foreach (Answer answer in waiting)
        {
            Task sending = answers.SendAsync(answer.Sent.Task, answer.Context, 90);
            answer.Sent.SetResult();
            await sending;
        }

        Assert.That(waiting.Select(answer => answer.IsClosed), Is.All.False);
    }

    [Test]
    public async Task One_that_failed_makes_room_and_fails()
    {
        var answers = new UnsentAnswers(capacity: 100);
        var failed = new Answer();
        Task sending = answers.SendAsync(failed.Sent.Task, failed.Context, 90);
        failed.Sent.SetException(new OperationCanceledException());
        Assert.That(async () => await sending, Throws.InstanceOf<OperationCanceledException>());
        var next = new Answer();
        Task last = answers.SendAsync(next.Sent.Task, next.Context, 90);
        Assert.That(failed.IsClosed, Is.False);
        next.Sent.SetResult();
        await last;
    }

    [Test]
    public async Task A_single_answer_may_be_larger_than_all_of_it()
    {
        var answers = new UnsentAnswers(capacity: 100);
        var large = new Answer();
        Task sending = answers.SendAsync(large.Sent.Task, large.Context, 1000);
        Assert.That(large.IsClosed, Is.False);
        large.Sent.SetResult();
        await sending;
    }

    private sealed class Answer : IHttpRequestLifetimeFeature
    {
        public Answer()
        {
            Context = new DefaultHttpContext();
            Context.Features.Set<IHttpRequestLifetimeFeature>(this);
        }

        public TaskCompletionSource Sent { get; } = new();

        public HttpContext Context { get; }

        public bool IsClosed { get; private set; }

        public CancellationToken RequestAborted { get; set; }

        public void Abort() => IsClosed = true;
    }
}
