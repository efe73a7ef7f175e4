using System.Buffers.Binary;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;

namespace Orders.Tests.Support;

/// <summary>HTTP/2 over TLS, frame by frame (RFC 9113), for clients that no library would be.</summary>
internal sealed class Http2Wire : IAsyncDisposable
{
    private const int HeaderBytes = 9;

    private readonly Socket _socket;
    private readonly SslStream _stream;

    private Http2Wire(Socket socket, SslStream stream) => (_socket, _stream) = (socket, stream);

    public static async Task<Http2Wire> OpenAsync(Uri address, TestCertificate certificate)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(address.Host, address.Port);
        var stream = new SslStream(new NetworkStream(socket, ownsSocket: true));
        await stream.AuthenticateAsClientAsync(certificate.Trust(SslApplicationProtocol.Http2));
        var wire = new Http2Wire(socket, stream);
        await wire.SendAsync("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8.ToArray(), Frame(FrameType.Settings, 0, 0));
        return wire;
    }

    public async Task SendAsync(params byte[][] frames) => await _stream.WriteAsync(frames.SelectMany(frame => frame).ToArray());

    /// <summary>Reads a frame; null when the other side has ended the connection.</summary>
    public async Task<(FrameType Type, int Stream, byte[] Payload)?> ReadAsync()
    {
        try
        {
            byte[] header = new byte[HeaderBytes];
            await _stream.ReadExactlyAsync(header);
            byte[] payload = new byte[(header[0] << 16) | (header[1] << 8) | header[2]];
            await _stream.ReadExactlyAsync(payload);
            return ((FrameType)header[3], (int)(BinaryPrimitives.ReadUInt32BigEndian(header.AsSpan(5)) & int.MaxValue), payload);
        }
        catch (IOException)
        {
            return null;
        }
    }

    public static byte[] Frame(FrameType type, byte flags, int stream, params byte[] payload)
    {
        byte[] frame = new byte[HeaderBytes + payload.Length];
        (frame[0], frame[1], frame[2], frame[3], frame[4]) = ((byte)(payload.Length >> 16), (byte)(payload.Length >> 8), (byte)payload.Length, (byte)type, flags);
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(5), stream);
        payload.CopyTo(frame, HeaderBytes);
        return frame;
    }

    /// <summary>A request's header fields, literally, without a table (RFC 7541).</summary>
    public static byte[] Request(int stream, string method, string path, bool ends = true) => Frame(
        FrameType.Headers,
        (byte)(ends ? 0x5 : 0x4),
        stream,
        [.. Field(2, method), .. Field(4, path), 0x87, .. Field(1, "localhost")]);

    public static byte[] Reset(int stream) => Frame(FrameType.Reset, 0, stream, 0, 0, 0, 8);

    public async ValueTask DisposeAsync()
    {
        await _stream.DisposeAsync();
        _socket.Dispose();
    }

    private static byte[] Field(int name, string value) => [(byte)name, (byte)value.Length, .. Encoding.ASCII.GetBytes(value)];

    internal enum FrameType : byte
    {
        Data = 0,
        Headers = 1,
        Reset = 3,
        Settings = 4,
        Ping = 6,
        GoAway = 7,
        WindowUpdate = 8,
        Continuation = 9,
    }
}
