using System.ComponentModel;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Net.Http.Headers;
using Orders.Api.Http;
using Orders.Api.OpenApi.Attributes;

namespace Orders.Api.Service;

/// <summary>The operations about the service itself.</summary>
[ApiController]
[Tags("service")]
[Description("The service itself")]
public sealed class ServiceController(TimeProvider time, HealthReporter health) : ControllerBase
{
    private const string Docs = "/docs";

    /// <summary>What answers here</summary>
    /// <remarks>A browser, which accepts `text/html`, is led to the documentation instead.</remarks>
    [HttpGet("/", Name = "getService")]
    [ProducesResponseType<ServiceResponse>(StatusCodes.Status200OK)]
    [ProducesResponseType(StatusCodes.Status302Found, Description = "The request accepts `text/html`: the documentation is elsewhere.")]
    [AnswerHeader("Location", "Where the documentation is, relative to this.", "docs", Status = StatusCodes.Status302Found)]
    [AnswerHeader("Vary", "`Accept` decides between the two.", "Accept")]
    public IActionResult Root()
    {
        Response.Headers.Vary = HeaderNames.Accept;

        // The way is relative, so that it holds behind a proxy that serves all this under a path.
        return Browsers.Accepts(Request)
            ? Redirect(Docs.TrimStart('/'))
            : Ok(new ServiceResponse { App = "Orders", Message = "A REST API for orders on PostgreSQL", Docs = Docs });
    }

    /// <summary>A sign of life with the time</summary>
    /// <remarks>Does not touch the database.</remarks>
    [DisableRateLimiting]
    [HttpGet("/api/v1/healthcheck", Name = "getHealthcheck")]
    [ProducesResponseType<HealthcheckResponse>(StatusCodes.Status200OK)]
    [AnswerHeader("Cache-Control", "The answer may not be kept.", "no-store")]
    public IActionResult Healthcheck()
    {
        Response.Headers.CacheControl = CacheControlHeaderValue.NoStoreString;
        return Ok(new HealthcheckResponse { Status = "OK", Timestamp = time.GetUtcNow().UtcDateTime });
    }

    /// <summary>Whether the process is up</summary>
    /// <remarks>Does not touch the database. Restart the service when this does not answer.</remarks>
    [DisableRateLimiting]
    [HttpGet("/health/live", Name = "getLiveness")]
    [ProducesResponseType<HealthResponse>(StatusCodes.Status200OK)]
    [AnswerExample(nameof(HealthResponse.Live))]
    public IActionResult Live()
    {
        Response.Headers.CacheControl = CacheControlHeaderValue.NoStoreString;
        return Ok(HealthResponse.Live);
    }

    /// <summary>Whether the service can do its work</summary>
    /// <remarks>The database is reachable, the table is there, and so are the rights that serving takes. What is missing is said in plain words; statements to run, and names of roles and schemas, are in the log. An answer that it is ready may be a second old.</remarks>
    [DisableRateLimiting]
    [HttpGet("/health/ready", Name = "getReadiness")]
    [ProducesResponseType<HealthResponse>(StatusCodes.Status200OK)]
    [AnswersError(nameof(ApiError.ShuttingDown), "The service was told to stop: it still answers, for `Orders:ShutdownDelay`.")]
    [NeedsDatabase]
    public async Task<IActionResult> Ready()
    {
        Response.Headers.CacheControl = CacheControlHeaderValue.NoStoreString;
        (ApiError? error, HealthResponse answer) = await health.ReadyAsync(User, HttpContext.RequestAborted);
        return error is null ? Ok(answer) : new ApiErrorResult(error);
    }
}
