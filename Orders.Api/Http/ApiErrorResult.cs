using Microsoft.AspNetCore.Mvc;

namespace Orders.Api.Http;

/// <summary>A controller's way to answer an error.</summary>
internal sealed class ApiErrorResult(ApiError error) : ActionResult
{
    public override Task ExecuteResultAsync(ActionContext context) => Problems.WriteAsync(context.HttpContext, error);
}
