using System.Threading.Channels;

namespace Orders.Infrastructure.Postgres;

/// <summary>Signals that a table, a column or a right is missing for a statement. Signals that nobody has read yet count as one.</summary>
internal sealed class PermissionErrors
{
    private readonly Channel<bool> _signals = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    public void Report() => _signals.Writer.TryWrite(true);

    public IAsyncEnumerable<bool> ReadAsync(CancellationToken cancellationToken) => _signals.Reader.ReadAllAsync(cancellationToken);
}
