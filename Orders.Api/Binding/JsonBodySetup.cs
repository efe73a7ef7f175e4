using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Formatters;
using Microsoft.Extensions.Options;

namespace Orders.Api.Binding;

/// <summary>Puts <see cref="JsonBodyFormatter"/> in the place of the framework's, with the JSON settings that it takes.</summary>
internal sealed class JsonBodySetup(IOptions<JsonOptions> json, ILogger<SystemTextJsonInputFormatter> logger) : IPostConfigureOptions<MvcOptions>
{
    public void PostConfigure(string? name, MvcOptions options)
    {
        options.InputFormatters.Clear();
        options.InputFormatters.Add(new JsonBodyFormatter(json.Value, logger));
    }
}
