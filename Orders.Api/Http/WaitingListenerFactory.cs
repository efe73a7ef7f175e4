using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace Orders.Api.Http;

/// <summary>
/// Kestrel's transport, but that it accepts a connection only when there is a place for it. Until then the connection waits in the
/// system's queue.
/// </summary>
/// <remarks>
/// Without descriptors Kestrel's listener tries again without a pause, and the runtime aborts the process. So their number has to be kept
/// below the limit by all listeners together.
/// </remarks>
internal sealed class WaitingListenerFactory(SocketTransportFactory transport, ConnectionPlaces places)
    : IConnectionListenerFactory, IConnectionListenerFactorySelector
{
    public bool CanBind(EndPoint endpoint) => ((IConnectionListenerFactorySelector)transport).CanBind(endpoint);

    public async ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) =>
        new Listener(await transport.BindAsync(endpoint, cancellationToken), places);

    private sealed class Listener(IConnectionListener inner, ConnectionPlaces places) : IConnectionListener
    {
        private readonly CancellationTokenSource _unbound = new();

        public EndPoint EndPoint => inner.EndPoint;

        public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
        {
            try
            {
                await places.TakeAsync(_unbound.Token);
            }
            catch (OperationCanceledException)
            {
                // As the transport says that there is nothing more to accept.
                return null;
            }

            ConnectionContext? accepted = null;
            try
            {
                accepted = await inner.AcceptAsync(cancellationToken);
                return accepted is null ? null : places.Occupy(accepted);
            }
            finally
            {
                if (accepted is null)
                {
                    places.Free();
                }
            }
        }

        public async ValueTask UnbindAsync(CancellationToken cancellationToken = default)
        {
            await _unbound.CancelAsync();
            await inner.UnbindAsync(cancellationToken);
        }

        public ValueTask DisposeAsync()
        {
            _unbound.Dispose();
            return inner.DisposeAsync();
        }
    }
}
