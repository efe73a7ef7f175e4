using System.IO.Pipelines;
using Microsoft.AspNetCore.Http.Features;

namespace Orders.Api.Http;

/// <summary>
/// Announces the end of the connection on an answer that leaves a large body unread, as an unknown path or a wrong method does.
/// </summary>
/// <remarks>
/// After each answer Kestrel reads the rest of the body, for up to 5 seconds, so that the connection can be used again. A body that is
/// larger than it takes makes it close the connection without a word, and the client's next request is lost. It still reads so much of
/// it that the client, which is sending, gets to the answer. HTTP/2 has none of this: there a request ends by itself.
/// </remarks>
internal static class UnreadBodies
{
    /// <summary>How much of a body is read that nobody wants. Kestrel's time limit for it is 5 seconds.</summary>
    private const long DrainBytes = 16 * 1024 * 1024;

    /// <param name="context">The request.</param>
    /// <param name="keptBytes">Up to this length Kestrel reads an unread body by itself, and keeps the connection.</param>
    public static void Announce(HttpContext context, long keptBytes)
    {
        HttpRequest request = context.Request;
        if ((request.ContentLength > keptBytes || request.Headers.TransferEncoding.Count > 0 || request.Headers.Expect.Count > 0)
            && !HttpProtocol.IsHttp2(request.Protocol))
        {
            context.Response.OnStarting(static state => AnnounceAsync((HttpContext)state), context);
        }
    }

    private static Task AnnounceAsync(HttpContext context)
    {
        IHttpMaxRequestBodySizeFeature? limit = context.Features.Get<IHttpMaxRequestBodySizeFeature>();
        if (limit is { IsReadOnly: false })
        {
            limit.MaxRequestBodySize = DrainBytes;
            context.Response.Headers.Connection = "close";
        }
        else if (!IsRead(context.Request.BodyReader))
        {
            context.Response.Headers.Connection = "close";
        }

        return Task.CompletedTask;
    }

    /// <summary>Whether somebody has read the body to its end.</summary>
    private static bool IsRead(PipeReader body)
    {
        try
        {
            if (!body.TryRead(out ReadResult read))
            {
                return false;
            }

            body.AdvanceTo(read.Buffer.Start);
            return read is { IsCompleted: true, Buffer.IsEmpty: true };
        }
        catch (Exception exception) when (exception is IOException or InvalidOperationException or OperationCanceledException)
        {
            // The body is not what its headers say, or reading it failed before.
            return false;
        }
    }
}
