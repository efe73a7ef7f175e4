namespace Orders.Application.Seeding;

/// <summary>Writes generated orders in the flat-file format of TPC-H's <c>dbgen</c>. It needs no database.</summary>
public interface IOrderExporter
{
    /// <returns>The number of orders written.</returns>
    Task<long> WriteAsync(ScaleFactor scaleFactor, Stream output, IProgress<SeedProgress> progress, CancellationToken cancellationToken);

    /// <summary>
    /// Writes a file. It appears under its name when it is complete; before that, and after a failure, an existing file is unchanged.
    /// </summary>
    /// <returns>The number of orders written.</returns>
    /// <exception cref="SeedException">The file is too large for the disk, or can't be written.</exception>
    Task<long> WriteFileAsync(ScaleFactor scaleFactor, string path, IProgress<SeedProgress> progress, CancellationToken cancellationToken);
}
