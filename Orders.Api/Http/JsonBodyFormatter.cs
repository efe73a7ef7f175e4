using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc.Formatters;

namespace Orders.Api.Http;

/// <summary>
/// Reads JSON bodies in UTF-8, and sees a request without a body as one that lacks it (422), not as one of a wrong type (415).
/// </summary>
/// <remarks>
/// A body is 16 KiB at most, so it is read whole and then parsed in one go; the framework's formatter is made for streams, and
/// spends some microseconds on that.
/// </remarks>
internal sealed class JsonBodyFormatter : TextInputFormatter
{
    /// <summary>What the error of a body as a whole is kept under; those of members have their paths, <c>$.name</c>.</summary>
    private const string Whole = "$";

    public JsonBodyFormatter()
    {
        // JSON is UTF-8 (RFC 8259, section 8.1).
        SupportedEncodings.Add(UTF8EncodingWithoutBOM);
        SupportedMediaTypes.Add("application/json");
        SupportedMediaTypes.Add("text/json");
        SupportedMediaTypes.Add("application/*+json");
    }

    public override bool CanRead(InputFormatterContext context) =>
        !HasBody(context) || (base.CanRead(context) && context.HttpContext.Request.Headers.ContentEncoding.Count == 0);

    public override Task<InputFormatterResult> ReadAsync(InputFormatterContext context) =>
        HasBody(context) ? base.ReadAsync(context) : InputFormatterResult.NoValueAsync();

    public override async Task<InputFormatterResult> ReadRequestBodyAsync(InputFormatterContext context, Encoding encoding)
    {
        ArgumentNullException.ThrowIfNull(context);
        PipeReader body = context.HttpContext.Request.BodyReader;
        ReadResult read = await body.ReadAsync(context.HttpContext.RequestAborted);
        while (!read.IsCompleted)
        {
            body.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            read = await body.ReadAsync(context.HttpContext.RequestAborted);
        }

        try
        {
            // A chunked body may turn out to be none.
            object? model = read.Buffer.IsEmpty ? null : Parse(read.Buffer, context.ModelType);
            return model is null ? InputFormatterResult.NoValue() : InputFormatterResult.Success(model);
        }
        catch (JsonException exception)
        {
            context.ModelState.TryAddModelError(exception.Path ?? Whole, exception.Message);
            return InputFormatterResult.Failure();
        }
        finally
        {
            body.AdvanceTo(read.Buffer.End);
        }
    }

    /// <exception cref="JsonException">It is not JSON, not of this type, or more than that.</exception>
    private static object? Parse(ReadOnlySequence<byte> json, Type type)
    {
        // A byte order mark may be ignored (RFC 8259, section 8.1), and the recipe does.
        var start = new SequenceReader<byte>(json);
        start.IsNext(Encoding.UTF8.Preamble, advancePast: true);
        var reader = new Utf8JsonReader(start.UnreadSequence);
        object? model = JsonSerializer.Deserialize(ref reader, ApiJson.Settings.GetTypeInfo(type));
        return reader.Read() ? throw new JsonException("Something follows the JSON.") : model;
    }

    private static bool HasBody(InputFormatterContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.HttpContext.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody ?? true;
    }
}
