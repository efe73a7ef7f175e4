namespace Orders.Api.Http;

/// <summary>A feature of a request whose answer did not go out at once: it is waited for when all else of the request has ended.</summary>
internal sealed class UnsentAnswer(UnsentAnswers answers, Task sending, HttpContext context, long bytes)
{
    public Task SendAsync() => answers.SendAsync(sending, context, bytes);
}
