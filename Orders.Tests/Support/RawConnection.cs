using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Orders.Tests.Support;

/// <summary>A connection that sends exactly what a test says, whatever that is, and reads answers of HTTP/1.1.</summary>
internal sealed class RawConnection : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private readonly Socket _socket;
    private readonly byte[] _buffer = new byte[16 * 1024];
    private int _start;
    private int _end;

    private RawConnection(Socket socket) => _socket = socket;

    public Socket Socket => _socket;

    public static async Task<RawConnection> OpenAsync(Uri address)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(address.Host, address.Port).WaitAsync(Deadline);
        return new RawConnection(socket);
    }

    /// <summary>Sends a text, each character as a byte.</summary>
    public Task SendAsync(string text) => SendAsync(Encoding.Latin1.GetBytes(text));

    public async Task SendAsync(ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            bytes = bytes[await _socket.SendAsync(bytes)..];
        }
    }

    /// <summary>Says that nothing more is sent.</summary>
    public void EndSending() => _socket.Shutdown(SocketShutdown.Send);

    /// <summary>Reads the next answer; null when the connection ends in its place.</summary>
    /// <param name="toHead">It answers HEAD, and has no body whatever its length is.</param>
    public async Task<RawAnswer?> ReadAsync(bool toHead = false)
    {
        using var limit = new CancellationTokenSource(Deadline);
        if (await ReadLineAsync(limit.Token) is not { } first)
        {
            return null;
        }

        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        while (await ReadLineAsync(limit.Token) is { Length: > 0 } line)
        {
            string[] header = line.Split(':', 2, StringSplitOptions.TrimEntries);
            headers[header[0]] = headers.TryGetValue(header[0], out string? before) ? $"{before}, {header[1]}" : header[1];
        }

        int status = int.Parse(first.Split(' ')[1], CultureInfo.InvariantCulture);
        return status == 100
            ? await ReadAsync(toHead)
            : new RawAnswer(status, headers, toHead || status is 204 or 304 ? "" : await ReadBodyAsync(headers, limit.Token));
    }

    /// <summary>Whether the other side ends the connection, without sending more.</summary>
    public async Task<bool> EndsAsync()
    {
        using var limit = new CancellationTokenSource(Deadline);
        return _start == _end && !await FillAsync(limit.Token);
    }

    public void Dispose() => _socket.Dispose();

    private async Task<string> ReadBodyAsync(Dictionary<string, string> headers, CancellationToken cancellationToken)
    {
        if (headers.TryGetValue("Content-Length", out string? length))
        {
            return await ReadBytesAsync(int.Parse(length, CultureInfo.InvariantCulture), cancellationToken);
        }

        var body = new StringBuilder();
        while (headers.ContainsKey("Transfer-Encoding"))
        {
            int size = int.Parse((await ReadLineAsync(cancellationToken))!, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            body.Append(await ReadBytesAsync(size, cancellationToken));
            await ReadLineAsync(cancellationToken);
            if (size == 0)
            {
                break;
            }
        }

        // To HTTP/1.0 the end of the connection is the end of a body without a length.
        while (!headers.ContainsKey("Transfer-Encoding") && headers.GetValueOrDefault("Connection") == "close" && (_start < _end || await FillAsync(cancellationToken)))
        {
            body.Append(Encoding.UTF8.GetString(_buffer, _start, _end - _start));
            _start = _end;
        }

        return body.ToString();
    }

    private async Task<string> ReadBytesAsync(int count, CancellationToken cancellationToken)
    {
        byte[] bytes = new byte[count];
        int read = 0;
        while (read < count)
        {
            if (_start == _end && !await FillAsync(cancellationToken))
            {
                throw new IOException($"The connection ended after {read} of {count} bytes of a body.");
            }

            int part = int.Min(count - read, _end - _start);
            _buffer.AsSpan(_start, part).CopyTo(bytes.AsSpan(read));
            (_start, read) = (_start + part, read + part);
        }

        return Encoding.UTF8.GetString(bytes);
    }

    /// <returns>Null at the end of the connection.</returns>
    private async Task<string?> ReadLineAsync(CancellationToken cancellationToken)
    {
        var line = new StringBuilder();
        while (_start < _end || await FillAsync(cancellationToken))
        {
            char character = (char)_buffer[_start++];
            if (character == '\n')
            {
                return line.ToString().TrimEnd('\r');
            }

            line.Append(character);
        }

        return line.Length == 0 ? null : throw new IOException($"The connection ended within a line: {line}");
    }

    private async Task<bool> FillAsync(CancellationToken cancellationToken)
    {
        try
        {
            (_start, _end) = (0, await _socket.ReceiveAsync(_buffer, cancellationToken));
        }
        catch (SocketException exception) when (exception.SocketErrorCode is SocketError.ConnectionReset or SocketError.Shutdown)
        {
            (_start, _end) = (0, 0);
        }

        return _end > 0;
    }

    /// <summary>An answer as it came.</summary>
    internal sealed record RawAnswer(int Status, IReadOnlyDictionary<string, string> Headers, string Body)
    {
        public bool Closes => Headers.GetValueOrDefault("Connection") == "close";
    }
}
