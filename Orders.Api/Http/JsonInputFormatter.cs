using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Formatters;

namespace Orders.Api.Http;

/// <summary>
/// Reads JSON bodies in UTF-8 (RFC 8259, section 8.1), and takes a request without a body for one that lacks it (422), not for one of a
/// wrong type (415).
/// </summary>
internal sealed class JsonInputFormatter : SystemTextJsonInputFormatter
{
    public JsonInputFormatter(JsonOptions options, ILogger<SystemTextJsonInputFormatter> logger)
        : base(options, logger)
    {
        SupportedEncodings.Clear();
        SupportedEncodings.Add(UTF8EncodingWithoutBOM);
    }

    public override bool CanRead(InputFormatterContext context) =>
        !HasBody(context) || (base.CanRead(context) && context.HttpContext.Request.Headers.ContentEncoding.Count == 0);

    public override Task<InputFormatterResult> ReadAsync(InputFormatterContext context) =>
        HasBody(context) ? base.ReadAsync(context) : InputFormatterResult.NoValueAsync();

    private static bool HasBody(InputFormatterContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.HttpContext.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody ?? true;
    }
}
