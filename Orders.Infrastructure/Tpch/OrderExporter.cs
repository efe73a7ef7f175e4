using Orders.Application.Seeding;

namespace Orders.Infrastructure.Tpch;

internal sealed class OrderExporter : IOrderExporter
{
    // Measured: 113.6 bytes at scale factor 1. Keys get more digits as the table grows: 119 bytes at scale factor 10,000.
    private const long BytesPerOrder = 120;

    public async Task<long> WriteAsync(
        ScaleFactor scaleFactor, Stream output, IProgress<SeedProgress> progress, CancellationToken cancellationToken)
    {
        var run = new SeedRun(scaleFactor, progress);
        run.Enter(SeedStage.Preparing);
        TextPool pool = await Task.Run(() => TextPool.Create(cancellationToken), cancellationToken);
        return await run.WriteAsync(TblFormat.Instance, pool, output, cancellationToken);
    }

    public async Task<long> WriteFileAsync(
        ScaleFactor scaleFactor, string path, IProgress<SeedProgress> progress, CancellationToken cancellationToken)
    {
        try
        {
            var file = OutputFile.At(path);
            if (file.Directory is not null)
            {
                DiskSpace.Require(file.Directory, scaleFactor.Orders * BytesPerOrder, $"The file for scale factor {scaleFactor} takes");
            }

            return await file.WriteAsync(output => WriteAsync(scaleFactor, output, progress, cancellationToken));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SeedException($"{path} could not be written: {e.Message} An existing file of that name is unchanged.", e);
        }
    }
}
