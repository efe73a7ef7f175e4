using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Orders.Api.Http;
using Orders.Tests.Support;

namespace Orders.Tests.Http;

/// <summary>Clients that leave are no failures of the service.</summary>
internal sealed class LeavingClientTests
{
    [TestCaseSource(nameof(Departures))]
    public async Task A_client_that_leaves_while_its_body_is_read_is_no_failure(Exception departure)
    {
        using var log = new NoticeLog();
        var answers = new ErrorHandlingMiddleware(_ => throw departure, new RequestTimeout(TimeSpan.FromMinutes(1)), log.CreateLogger<ErrorHandlingMiddleware>());
        var context = new DefaultHttpContext();
        await answers.InvokeAsync(context);
        Assert.That(context.Response.StatusCode, Is.EqualTo(StatusCodes.Status499ClientClosedRequest));
        Assert.That(log.Texts, Is.Empty);
    }

    [Test]
    public async Task Any_other_failure_to_read_is_logged()
    {
        using var log = new NoticeLog();
        var answers = new ErrorHandlingMiddleware(_ => throw new IOException("disk"), new RequestTimeout(TimeSpan.FromMinutes(1)), log.CreateLogger<ErrorHandlingMiddleware>());
        var context = new DefaultHttpContext();
        await answers.InvokeAsync(context);
        Assert.That(context.Response.StatusCode, Is.EqualTo(StatusCodes.Status500InternalServerError));
        Assert.That(log.Texts, Has.Count.EqualTo(1));
    }

    private static IEnumerable<Exception> Departures() => [new ConnectionResetException("reset"), new ConnectionAbortedException("aborted")];
}
