using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Formatters;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

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
        HasBody(context) ? ReadBodyAsync(context) : InputFormatterResult.NoValueAsync();

    /// <summary>What is wrong with a body on its way is the client's doing, and its time limit not the database's.</summary>
    private async Task<InputFormatterResult> ReadBodyAsync(InputFormatterContext context)
    {
        HttpContext http = context.HttpContext;
        if (HttpProtocol.IsHttp2(http.Request.Protocol) && http.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } rate)
        {
            // A body below Kestrel's rate would end the connection, and with it the requests of others that share it.
            rate.MinDataRate = null;
        }

        // The framework's formatter reads on when the request's time is over.
        using CancellationTokenRegistration limit = http.RequestAborted.UnsafeRegister(
            static body => ((PipeReader)body!).CancelPendingRead(), http.Request.BodyReader);
        try
        {
            return await base.ReadAsync(context);
        }
        catch (OperationCanceledException exception) when (exception is not ConnectionAbortedException)
        {
            throw new BadHttpRequestException("The body did not come in time.", StatusCodes.Status408RequestTimeout, exception);
        }
        catch (IOException exception) when (exception is not (BadHttpRequestException or ConnectionResetException))
        {
            throw new BadHttpRequestException("The body is not what its headers say.", exception);
        }
    }

    private static bool HasBody(InputFormatterContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.HttpContext.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody ?? true;
    }
}
