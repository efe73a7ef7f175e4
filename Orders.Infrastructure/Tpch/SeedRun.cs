using Orders.Application.Seeding;

namespace Orders.Infrastructure.Tpch;

/// <summary>Generates a whole table in a format, writes it to a stream and reports the progress.</summary>
internal sealed class SeedRun(ScaleFactor scaleFactor, IProgress<SeedProgress> progress)
{
    private long _rows;

    public void Enter(SeedStage stage) =>
        progress.Report(new SeedProgress { Stage = stage, Rows = _rows, TotalRows = scaleFactor.Orders });

    /// <returns>The number of orders written.</returns>
    public async Task<long> WriteAsync(OrderFormat format, TextPool pool, Stream output, CancellationToken cancellationToken)
    {
        Enter(SeedStage.Writing);
        await output.WriteAsync(format.Header, cancellationToken);
        var chunks = new OrderChunks(scaleFactor, pool, format);
        await foreach (OrderChunk chunk in chunks.Generate(skipped: 0, scaleFactor.Orders, cancellationToken))
        {
            await output.WriteAsync(chunk.Bytes, cancellationToken);
            _rows += chunk.Rows;
            Enter(SeedStage.Writing);
        }

        await output.WriteAsync(format.Trailer, cancellationToken);
        await output.FlushAsync(cancellationToken);
        return _rows;
    }
}
