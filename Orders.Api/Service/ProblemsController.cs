using System.ComponentModel;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Net.Http.Headers;
using Orders.Api.Http;
using Orders.Api.OpenApi.Attributes;

namespace Orders.Api.Service;

/// <summary>The errors, explained: where the <c>type</c> of a problem document leads.</summary>
[ApiController]
[DisableRateLimiting]
[Route("problems")]
[Tags("service")]
[Description("The service itself")]
public sealed class ProblemsController : ControllerBase
{
    private const string Html = "text/html; charset=utf-8";

    /// <summary>All errors, explained</summary>
    /// <remarks>Every `code` that a problem document may have. A browser, which accepts `text/html`, gets a page.</remarks>
    [HttpGet(Name = "listProblems")]
    [ProducesResponseType<ErrorKindsResponse>(StatusCodes.Status200OK)]
    public IActionResult List() =>
        Answer(ErrorKinds.All, "Errors", () => Ok(new ErrorKindsResponse { Problems = ErrorKinds.All }));

    /// <summary>One error, explained</summary>
    /// <remarks>What it means, whether to try again, and what to change. The `type` of a problem document leads here. A browser, which accepts `text/html`, gets a page.</remarks>
    [HttpGet("{code}", Name = "getProblem")]
    [ProducesResponseType<ErrorKind>(StatusCodes.Status200OK)]
    [AnswersError(nameof(ApiError.NotFound), "There is no such code.")]
    public IActionResult Get(
        [FromRoute(Name = "code"), Description("What a problem document has as `code`."), Example("order_not_found")] string code) =>
        ModelState.IsValid && ErrorKinds.Find(code) is { } kind
            ? Answer([kind], kind.Code, () => Ok(kind))
            : new ApiErrorResult(ApiError.NotFound);

    private IActionResult Answer(IEnumerable<ErrorKind> kinds, string title, Func<IActionResult> json)
    {
        Response.Headers.CacheControl = CacheControlHeaderValue.NoCacheString;
        Response.Headers.Vary = HeaderNames.Accept;
        if (!Browsers.Accepts(Request))
        {
            return json();
        }

        Response.Headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'";
        return Content(Page(kinds, title), Html);
    }

    private static string Page(IEnumerable<ErrorKind> kinds, string title)
    {
        var page = new StringBuilder(
            $$"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>{{title}} · Orders API</title>
            <style>
            :root { color-scheme: light dark; }
            body { max-width: 42rem; margin: 2rem auto; padding: 0 1rem; font: 1rem/1.5 system-ui, sans-serif; }
            dt { margin-top: .5rem; font-weight: 600; }
            dd { margin: 0; }
            </style>
            </head>
            <body>
            <main>
            <h1>{{title}}</h1>
            """);
        foreach (ErrorKind kind in kinds)
        {
            page.Append(
                $"""

                <section id="{kind.Code}">
                <h2>{kind.Status} <code>{kind.Code}</code></h2>
                <p>{WebUtility.HtmlEncode(kind.Meaning)}</p>
                <dl>
                <dt>Try again?</dt><dd>{WebUtility.HtmlEncode(kind.Retry)}</dd>
                <dt>What to change</dt><dd>{WebUtility.HtmlEncode(kind.Remedy)}</dd>
                </dl>
                </section>
                """);
        }

        return page.Append("\n</main>\n</body>\n</html>\n").ToString();
    }
}
