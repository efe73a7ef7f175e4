using System.Threading.Channels;

namespace Orders.Infrastructure.Postgres;

/// <summary>Passes on that statements were refused for a table, a column or a right that is missing. Many at once count as one.</summary>
internal sealed class RefusedStatements
{
    private readonly Channel<bool> _refusals = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    public void Report() => _refusals.Writer.TryWrite(true);

    public IAsyncEnumerable<bool> ReadAsync(CancellationToken cancellationToken) => _refusals.Reader.ReadAllAsync(cancellationToken);
}
