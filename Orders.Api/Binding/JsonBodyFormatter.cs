using System.IO.Pipelines;
using System.Text;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Formatters;

namespace Orders.Api.Binding;

/// <summary>
/// Reads JSON bodies in UTF-8, and sees a request without a body as one that lacks it (422), not as one of a wrong type (415).
/// </summary>
internal sealed class JsonBodyFormatter : SystemTextJsonInputFormatter
{
    public JsonBodyFormatter(JsonOptions options, ILogger<SystemTextJsonInputFormatter> logger)
        : base(options, logger)
    {
        // JSON is UTF-8 (RFC 8259, section 8.1).
        SupportedEncodings.Remove(Encoding.Unicode);
        SupportedEncodings.Remove(UTF16EncodingLittleEndian);
    }

    public override bool CanRead(InputFormatterContext context) =>
        !HasBody(context) || (base.CanRead(context) && context.HttpContext.Request.Headers.ContentEncoding.Count == 0);

    public override async Task<InputFormatterResult> ReadAsync(InputFormatterContext context)
    {
        if (!HasBody(context))
        {
            return await InputFormatterResult.NoValueAsync();
        }

        // A chunked body may turn out to be none.
        PipeReader body = context.HttpContext.Request.BodyReader;
        ReadResult start = await body.ReadAsync(context.HttpContext.RequestAborted);
        body.AdvanceTo(start.Buffer.Start);
        return start is { IsCompleted: true, Buffer.IsEmpty: true } ? await InputFormatterResult.NoValueAsync() : await base.ReadAsync(context);
    }

    private static bool HasBody(InputFormatterContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.HttpContext.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody ?? true;
    }
}
