using System.Buffers;
using System.Diagnostics;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Net.Http.Headers;

namespace Orders.Api.Http;

/// <summary>Answers with a problem document, and logs, what Kestrel refuses before the application sees it.</summary>
/// <remarks>
/// Kestrel tells of such a request by a diagnostic event, and then answers without a body. In the event the answer can still be begun; its
/// body goes to the connection, as there is no request yet that would have one. HTTP/2 has no place for it: a malformed request there is
/// an error of its stream or its connection, and one with too many header fields is answered 431 by Kestrel, without a body.
/// Kestrel's source of events is a service of its own. So no request pays for it, as it would for a subscriber of the framework's listener.
/// </remarks>
internal sealed partial class RefusedRequests(DiagnosticListener listener, ILogger<RefusedRequests> logger) : DiagnosticSource
{
    private const string Refused = "Microsoft.AspNetCore.Server.Kestrel.BadRequest";

    /// <summary>What follows the first line, which Kestrel has taken.</summary>
    private static ReadOnlySpan<byte> RestOfHttp2Preface => "\r\nSM\r\n\r\n"u8;

    public override bool IsEnabled(string name) => name == Refused || listener.IsEnabled(name);

    public override void Write(string name, object? value)
    {
        if (name == Refused
            && value is IFeatureCollection request
            && request.Get<IBadRequestExceptionFeature>()?.Error is BadHttpRequestException refusal
            && request.Get<IHttpResponseFeature>() is { HasStarted: false } response)
        {
            Answer(request, response, refusal);
        }

        if (listener.IsEnabled(name))
        {
            listener.Write(name, value);
        }
    }

    private void Answer(IFeatureCollection request, IHttpResponseFeature response, BadHttpRequestException refusal)
    {
        // There is no request yet, and so no trace id.
        using Activity activity = new Activity(nameof(RefusedRequests)).SetIdFormat(ActivityIdFormat.W3C).Start();
        var error = ApiError.FromStatus(refusal.StatusCode);
        LogRefused(logger, error.Status, refusal.Message);
        if (request.Get<IHttp2StreamIdFeature>() is not null
            || request.Get<IConnectionTransportFeature>()?.Transport is not { } connection
            || request.Get<IHttpResponseBodyFeature>() is not { } answer
            || (error.Status == StatusCodes.Status505HttpVersionNotsupported && BeginsHttp2(connection.Input)))
        {
            return;
        }

        byte[] body = Problems.Serialize(error, activity.TraceId.ToHexString());
        response.StatusCode = error.Status;
        response.Headers.ContentType = Problems.ContentType;
        response.Headers.ContentLength = body.Length;
        response.Headers.CacheControl = CacheControlHeaderValue.NoStoreString;
        response.Headers.XContentTypeOptions = CommonHeaders.NoSniff;
        response.Headers[CommonHeaders.TraceId] = activity.TraceId.ToHexString();
        response.Headers.Connection = "close";
        if (answer.StartAsync().IsCompletedSuccessfully)
        {
            Send(connection.Output, HttpMethods.IsHead(request.Get<IHttpRequestFeature>()?.Method ?? "") ? [] : body);
        }
    }

    /// <summary>Whether the client takes this for a server of HTTP/2 (RFC 9113, section 3.4). Kestrel then says in its frames that it is none.</summary>
    private static bool BeginsHttp2(PipeReader connection)
    {
        // Kestrel has examined all of it, so that there is nothing to read unless a read is cancelled.
        connection.CancelPendingRead();
        if (!connection.TryRead(out ReadResult read))
        {
            return false;
        }

        bool begins = new SequenceReader<byte>(read.Buffer).IsNext(RestOfHttp2Preface);
        connection.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        return begins;
    }

    /// <summary>Kestrel closes the connection next, and sends all of this before.</summary>
    private static void Send(PipeWriter connection, byte[] body)
    {
        connection.Write(body);
        _ = connection.FlushAsync().AsTask();
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Refused with {StatusCode} before it was a request: {Reason}")]
    private static partial void LogRefused(ILogger logger, int statusCode, string reason);
}
