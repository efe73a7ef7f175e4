using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Mvc;
using Orders.Api.Http;

namespace Orders.Tests.Http;

/// <summary>A controller as an ASP.NET Core developer writes one, for <see cref="FrameworkTests"/>.</summary>
[ApiController]
[Route("framework")]
public sealed class FrameworkController : ControllerBase
{
    [HttpGet("ok")]
    public IActionResult Echo([FromQuery(Name = "")] Query query) =>
        ModelState.IsValid ? Ok(new Answer { Text = query.Text!, Numbers = [1, 2] }) : ValidationErrors.Answer(ModelState);

    [HttpPost("body")]
    public IActionResult Post([FromBody] Query query) => ModelState.IsValid ? Created("/framework/ok", query) : ValidationErrors.Answer(ModelState);

    [HttpGet("typed")]
    public ActionResult<Answer> Typed() => Ok(new Answer { Text = "<ü>", Numbers = [] });

    public sealed record Query
    {
        [FromQuery(Name = "text")]
        [Required(ErrorMessage = "is required")]
        [StringLength(5, ErrorMessage = "has at most 5 letters")]
        public string? Text { get; init; }
    }

    public sealed record Answer
    {
        public required string Text { get; init; }

        public required int[] Numbers { get; init; }
    }
}
