using Orders.Application.Seeding;
using Orders.Infrastructure.Tpch;

namespace Orders.Tests.Tpch;

public sealed class OrderExporterTests
{
    private static readonly ScaleFactor Small = ScaleFactor.Parse("0.01");

    private string _directory = null!;

    private string Target => Path.Combine(_directory, "orders.tbl");

    [SetUp]
    public void SetUp() => _directory = Directory.CreateTempSubdirectory("orders-export-").FullName;

    [TearDown]
    public void TearDown() => Directory.Delete(_directory, recursive: true);

    [Test]
    public async Task A_new_file_replaces_the_old_one_and_leaves_no_other_files()
    {
        await File.WriteAllTextAsync(Target, "older");

        long rows = await WriteAsync(Small, Target);

        Assert.That(rows, Is.EqualTo(15_000));
        Assert.That(GeneratedText.Md5(await File.ReadAllBytesAsync(Target)), Is.EqualTo("21facd7dbefed34dbe35e6209ae364db"));
        Assert.That(Directory.GetFiles(_directory), Has.Length.EqualTo(1));
    }

    [Test]
    public async Task A_symbolic_link_still_points_to_the_file_after_an_export()
    {
        string link = Path.Combine(_directory, "link");
        await File.WriteAllTextAsync(Target, "older");
        File.CreateSymbolicLink(link, Target);

        await WriteAsync(Small, link);

        Assert.That(new FileInfo(link).LinkTarget, Is.EqualTo(Target));
        Assert.That(new FileInfo(Target).Length, Is.EqualTo(1_644_137));
    }

    [Test]
    public async Task A_cancelled_export_leaves_the_old_file_unchanged()
    {
        await File.WriteAllTextAsync(Target, "older");
        using var cancellation = new CancellationTokenSource();

        Assert.That(
            async () => await new OrderExporter().WriteFileAsync(Small, Target, ProgressAction.Midway(cancellation.Cancel), cancellation.Token),
            Throws.InstanceOf<OperationCanceledException>());
        Assert.That(await File.ReadAllTextAsync(Target), Is.EqualTo("older"));
        Assert.That(Directory.GetFiles(_directory), Has.Length.EqualTo(1));
    }

    [Test]
    public void An_export_larger_than_the_free_space_is_refused_before_anything_is_written()
    {
        SeedException? refusal = Assert.ThrowsAsync<SeedException>(() => WriteAsync(ScaleFactor.Parse("29999"), Target));

        Assert.That(refusal!.Message, Does.StartWith("The file for scale factor 29999 takes about 5,399.8 GB, but only ").And.Contain(_directory));
        Assert.That(Directory.GetFiles(_directory), Is.Empty);
    }

    [Test]
    public void The_message_names_a_directory_that_does_not_exist()
    {
        string missing = Path.Combine(_directory, "missing");

        Assert.That(
            async () => await WriteAsync(Small, Path.Combine(missing, "orders.tbl")),
            Throws.TypeOf<SeedException>().With.Message.Contains($"the directory {missing} does not exist"));
    }

    [Test]
    public void An_existing_directory_is_not_overwritten() =>
        Assert.That(async () => await WriteAsync(Small, _directory), Throws.TypeOf<SeedException>().With.Message.Contains("it is a directory"));

    [Test]
    public void A_full_disk_is_reported_in_a_sentence() =>
        Assert.That(async () => await WriteAsync(Small, "/dev/full"), Throws.TypeOf<SeedException>().With.Message.Contains("No space left"));

    [Test]
    public async Task Progress_starts_with_preparing_and_ends_with_all_rows_written()
    {
        var reports = new List<SeedProgress>();

        await new OrderExporter().WriteAsync(Small, Stream.Null, new ProgressAction(reports.Add), CancellationToken.None);

        Assert.That(reports[0].Stage, Is.EqualTo(SeedStage.Preparing));
        Assert.That(reports[^1], Is.EqualTo(new SeedProgress { Stage = SeedStage.Writing, Rows = 15_000, TotalRows = 15_000 }));
    }

    private static Task<long> WriteAsync(ScaleFactor scaleFactor, string path) =>
        new OrderExporter().WriteFileAsync(scaleFactor, path, ProgressAction.None, CancellationToken.None);
}
