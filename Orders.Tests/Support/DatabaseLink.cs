using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace Orders.Tests.Support;

/// <summary>A TCP relay in front of the test run's server. A test can cut it to make the database unavailable, and restore it.</summary>
internal sealed class DatabaseLink : IAsyncDisposable
{
    private readonly NpgsqlConnectionStringBuilder _target;
    private readonly List<Socket> _sockets = [];
    private readonly Lock _gate = new();
    private readonly int _port;
    private Socket? _listener;
    private bool _silent;

    public DatabaseLink(string connectionString)
    {
        _target = new NpgsqlConnectionStringBuilder(connectionString);
        using Socket probe = Listen(0);
        _port = ((IPEndPoint)probe.LocalEndPoint!).Port;
        ConnectionString = new NpgsqlConnectionStringBuilder(connectionString) { Host = "127.0.0.1", Port = _port, SslMode = SslMode.Disable }.ConnectionString;
    }

    /// <summary>A connection string through the relay. Nothing listens there before <see cref="Restore"/> is called.</summary>
    public string ConnectionString { get; }

    public void Restore()
    {
        _silent = false;
        _listener = Listen(_port);
        _ = AcceptAsync(_listener);
    }

    /// <summary>Stops listening and closes all connections.</summary>
    public void Cut()
    {
        _listener?.Dispose();
        Drop();
    }

    /// <summary>Accepts connections but sends nothing.</summary>
    public void Silence()
    {
        _silent = true;
        Drop();
    }

    public ValueTask DisposeAsync()
    {
        Cut();
        return ValueTask.CompletedTask;
    }

    private static Socket Listen(int port)
    {
        var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, port));
        listener.Listen();
        return listener;
    }

    private async Task AcceptAsync(Socket listener)
    {
        try
        {
            while (true)
            {
                Socket client = Keep(await listener.AcceptAsync());
                if (!_silent)
                {
                    _ = RelayAsync(client);
                }
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // The link was cut.
        }
    }

    private async Task RelayAsync(Socket client)
    {
        try
        {
            bool local = _target.Host!.StartsWith('/');
            Socket server = Keep(local
                ? new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified)
                : new Socket(SocketType.Stream, ProtocolType.Tcp));
            EndPoint address = local
                ? new UnixDomainSocketEndPoint($"{_target.Host}/.s.PGSQL.{_target.Port}")
                : new DnsEndPoint(_target.Host, _target.Port);
            await server.ConnectAsync(address);
            await using var inward = new NetworkStream(client, ownsSocket: true);
            await using var outward = new NetworkStream(server, ownsSocket: true);
            await Task.WhenAny(inward.CopyToAsync(outward), outward.CopyToAsync(inward));
        }
        catch (Exception exception) when (exception is IOException or SocketException or ObjectDisposedException)
        {
            // The link was cut.
        }
    }

    private Socket Keep(Socket socket)
    {
        lock (_gate)
        {
            _sockets.Add(socket);
        }

        return socket;
    }

    private void Drop()
    {
        lock (_gate)
        {
            _sockets.ForEach(socket => socket.Dispose());
            _sockets.Clear();
        }
    }
}
