using Microsoft.AspNetCore.Mvc;
using Microsoft.Net.Http.Headers;
using Orders.Api.Contracts;

namespace Orders.Api.Controllers;

/// <summary>What there is to say about the service itself, without its database.</summary>
[ApiController]
[Tags("service")]
public sealed class ServiceController(TimeProvider time) : ControllerBase
{
    private const string Docs = "/docs";

    /// <summary>A browser is led to the documentation; any other client is told where it is.</summary>
    [HttpGet("/")]
    public ActionResult<ServiceResponse> Root()
    {
        Response.Headers.Vary = HeaderNames.Accept;
        return Request.GetTypedHeaders().Accept.Any(type => type.MediaType.Equals("text/html", StringComparison.OrdinalIgnoreCase) && type.Quality != 0)
            ? Redirect(Docs)
            : new ServiceResponse { App = "Orders", Message = "A REST API for orders on PostgreSQL", Docs = Docs };
    }

    [HttpGet("/api/v1/healthcheck")]
    public ActionResult<HealthcheckResponse> Healthcheck()
    {
        Response.Headers.CacheControl = CacheControlHeaderValue.NoStoreString;
        return new HealthcheckResponse { Status = "OK", Timestamp = time.GetUtcNow().UtcDateTime };
    }
}
