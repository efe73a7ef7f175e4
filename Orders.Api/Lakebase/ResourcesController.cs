using System.ComponentModel;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Net.Http.Headers;
using Orders.Api.Http;
using Orders.Api.OpenApi.Attributes;
using Orders.Api.Security;
using Orders.Application.Lakebase;

namespace Orders.Api.Lakebase;

/// <summary>Creates and deletes the resources on Lakebase, as the recipe's first endpoints do, and tells how it goes.</summary>
[ApiController]
[Route("api/v1/resources")]
[Tags("resources")]
[Description("The database server on Databricks Lakebase and what belongs to it")]
[Authorize(Scopes.Manage)]
public sealed class ResourcesController(ResourceOperations operations) : ControllerBase
{
    private const int RetryAfterSeconds = 10;

    /// <summary>Beside the other two paths, so that it holds behind a proxy that serves all this under a path.</summary>
    private const string Status = "lakebase-resources";

    /// <summary>Create the database server, the catalog and the synced table</summary>
    /// <remarks>They cost money until they are deleted. The answer comes at once, and the work goes on for minutes: `Location` tells how far it is. What exists is taken as it is and never replaced, so asking again goes on where it was left; while it runs, asking again joins it.</remarks>
    [HttpPost("create-lakebase-resources", Name = "createLakebaseResources")]
    [ProducesResponseType<ResourcesCreatedResponse>(StatusCodes.Status200OK, Description = "Not confirmed, so nothing was done.")]
    [ProducesResponseType<ResourcesCreatedResponse>(StatusCodes.Status202Accepted, Description = "It has begun, or was under way.")]
    [AnswerExample(nameof(ResourcesCreatedResponse.Refrained))]
    [AnswerHeader("Location", "Where to ask how far it is, relative to this path.", Status, Status = StatusCodes.Status202Accepted)]
    [AnswerHeader("Retry-After", "After how many seconds to ask there.", RetryAfterSeconds, Status = StatusCodes.Status202Accepted)]
    [AnswersError(nameof(ApiError.ResourcesBusy), "The opposite operation runs, or one that asks for something else.")]
    [AnswersInvalid("capacity")]
    public IActionResult Create([FromQuery(Name = "")] CreateResourcesQuery query)
    {
        if (!ModelState.IsValid)
        {
            return ValidationErrors.Answer(ModelState);
        }

        if (query.CreateResources is not true)
        {
            return Ok(ResourcesCreatedResponse.Refrained);
        }

        return operations.StartCreate(query.ToRequest()) switch
        {
            ResourceStart.Started or ResourceStart.Joined => Begun(ResourcesCreatedResponse.From(operations.Plan(ResourceAction.Create))),
            ResourceStart.Busy => new ApiErrorResult(ApiError.ResourcesBusy),
        };
    }

    /// <summary>Delete the synced table, the catalog and the database server</summary>
    /// <remarks>With all that they hold, for good. The answer comes at once, and the work goes on for minutes: `Location` tells how far it is. What is not there counts as deleted. What belongs to something that is not configured here is left alone, and so is a server that holds such, or of which the workspace does not tell what it holds.</remarks>
    [HttpDelete("delete-lakebase-resources", Name = "deleteLakebaseResources")]
    [ProducesResponseType<ResourcesDeletedResponse>(StatusCodes.Status200OK, Description = "Not confirmed, so nothing was done.")]
    [ProducesResponseType<ResourcesDeletedResponse>(StatusCodes.Status202Accepted, Description = "It has begun, or was under way.")]
    [AnswerExample(nameof(ResourcesDeletedResponse.Refrained))]
    [AnswerHeader("Location", "Where to ask how far it is, relative to this path.", Status, Status = StatusCodes.Status202Accepted)]
    [AnswerHeader("Retry-After", "After how many seconds to ask there.", RetryAfterSeconds, Status = StatusCodes.Status202Accepted)]
    [AnswersError(nameof(ApiError.ResourcesBusy), "The opposite operation runs, or one that asks for something else.")]
    [AnswersInvalid("confirm_deletion")]
    public IActionResult Delete([FromQuery(Name = "")] DeleteResourcesQuery query)
    {
        if (!ModelState.IsValid)
        {
            return ValidationErrors.Answer(ModelState);
        }

        if (query.ConfirmDeletion is not true)
        {
            return Ok(ResourcesDeletedResponse.Refrained);
        }

        return operations.StartDelete() switch
        {
            ResourceStart.Started or ResourceStart.Joined => Begun(ResourcesDeletedResponse.From(operations.Plan(ResourceAction.Delete))),
            ResourceStart.Busy => new ApiErrorResult(ApiError.ResourcesBusy),
        };
    }

    /// <summary>How far the resources are</summary>
    /// <remarks>The operation that runs, or the last one since the service started; without one, what the workspace has.</remarks>
    [HttpGet(Status, Name = "getLakebaseResources")]
    [ProducesResponseType<ResourcesResponse>(StatusCodes.Status200OK)]
    [AnswerHeader("Cache-Control", "The answer may not be kept.", "no-store")]
    [AnswerHeader("Retry-After", "After how many seconds to ask again; only while an operation runs.", RetryAfterSeconds)]
    [AnswersError(
        nameof(ApiError.WorkspaceUnavailable),
        "No operation has run since the service started, and the workspace does not tell what it has.",
        "The workspace did not answer in time.")]
    public async Task<IActionResult> Get()
    {
        ResourceReport report = await operations.DescribeAsync(HttpContext.RequestAborted);
        Response.Headers.CacheControl = CacheControlHeaderValue.NoStoreString;
        if (report.State == ResourceState.Running)
        {
            Response.Headers.RetryAfter = $"{RetryAfterSeconds}";
        }

        return Ok(ResourcesResponse.From(report));
    }

    private ObjectResult Begun(object answer)
    {
        Response.Headers.RetryAfter = $"{RetryAfterSeconds}";
        Response.Headers.Location = Status;
        return StatusCode(StatusCodes.Status202Accepted, answer);
    }
}
