using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Moq;
using Orders.Api.Commands;
using Orders.Application;
using Orders.Application.Seeding;
using Orders.Tests.Tpch;

namespace Orders.Tests.Commands;

public sealed class SeedCommandTests
{
    private readonly List<SeedRequest> _requests = [];
    private readonly List<string> _steps = [];
    private string[]? _configuration;

    [SetUp]
    public void SetUp()
    {
        _requests.Clear();
        _steps.Clear();
        _configuration = null;
    }

    [Test]
    public async Task Output_to_standard_output_is_the_table_and_nothing_else()
    {
        SeedProcess run = await SeedProcess.RunAsync("--scale-factor", "0.01", "--output", "-");

        Assert.That(GeneratedText.Md5(run.Output), Is.EqualTo("21facd7dbefed34dbe35e6209ae364db"));
        Assert.That(run.Errors, Does.Contain("Wrote 15,000 orders"));
        Assert.That(run.ExitCode, Is.Zero);
    }

    [TestCase("--scale-factor", "many", "'many' is not a number")]
    [TestCase("--scale-factor", "0", "must be greater than 0")]
    [TestCase("--output", "/nowhere/orders.tbl", "the directory /nowhere does not exist")]
    [TestCase("--scalefactor", "1", "There is no option '--scalefactor'")]
    public async Task An_error_is_a_sentence_on_standard_error_and_exit_code_1(string option, string value, string sentence)
    {
        SeedProcess run = await SeedProcess.RunAsync(option, value);

        Assert.That(run.Errors, Does.Contain(sentence).And.Not.Contain("   at "));
        Assert.That(run.Output, Is.Empty);
        Assert.That(run.ExitCode, Is.EqualTo(1));
    }

    [Test]
    public async Task Without_options_the_schema_is_migrated_and_an_empty_table_is_filled_at_scale_factor_one_hundredth()
    {
        Assert.That(await InvokeAsync(), Is.Zero);

        Assert.That(_requests, Is.EqualTo(new[] { new SeedRequest { ScaleFactor = ScaleFactor.Parse("0.01"), Mode = SeedMode.IntoEmpty } }));
        Assert.That(string.Join(' ', _steps), Is.EqualTo("migrate load"));
    }

    [TestCase("--replace", SeedMode.Replace)]
    [TestCase("--if-empty", SeedMode.IfEmpty)]
    public async Task An_option_sets_how_existing_rows_are_treated(string option, SeedMode mode)
    {
        Assert.That(await InvokeAsync("--scale-factor", "2.5", option), Is.Zero);

        Assert.That(_requests, Is.EqualTo(new[] { new SeedRequest { ScaleFactor = ScaleFactor.Parse("2.5"), Mode = mode } }));
    }

    [TestCase("--replace", "--if-empty")]
    [TestCase("--replace", "--output=x")]
    [TestCase("--if-empty", "--output=x")]
    public async Task Contradicting_options_are_refused_before_the_host_is_built(params string[] options)
    {
        Assert.That(await InvokeAsync(options), Is.EqualTo(1));
        Assert.That(_configuration, Is.Null);
    }

    [Test]
    public async Task Configuration_arguments_reach_the_host()
    {
        await InvokeAsync("--ConnectionStrings:Orders=Host=there", "--replace");

        Assert.That(_configuration, Has.Length.EqualTo(1).And.Contain("--ConnectionStrings:Orders=Host=there"));
    }

    [Test]
    public async Task A_file_is_written_without_a_host()
    {
        var exporter = new Mock<IOrderExporter>();
        exporter
            .Setup(all => all.WriteFileAsync(ScaleFactor.Parse("1"), "orders.tbl", It.IsAny<IProgress<SeedProgress>>(), It.IsAny<CancellationToken>()))
            .ReturnsAsync(1_500_000);

        Assert.That(await InvokeAsync(exporter.Object, "--scale-factor", "1", "--output", "orders.tbl"), Is.Zero);
        Assert.That(_configuration, Is.Null);
        exporter.VerifyAll();
    }

    private Task<int> InvokeAsync(params string[] arguments) => InvokeAsync(Mock.Of<IOrderExporter>(), arguments);

    private Task<int> InvokeAsync(IOrderExporter exporter, params string[] arguments)
    {
        Command command = SeedCommand.Create(BuildHost, exporter);
        return new RootCommand { command }.Parse(["seed", .. arguments]).InvokeAsync();
    }

    private IHost BuildHost(string[] configuration)
    {
        _configuration = configuration;
        var migrator = new Mock<ISchemaMigrator>();
        migrator.Setup(all => all.MigrateAsync(It.IsAny<CancellationToken>())).Callback(() => _steps.Add("migrate")).Returns(Task.CompletedTask);
        var seeder = new Mock<IOrderSeeder>();
        seeder
            .Setup(all => all.LoadAsync(It.IsAny<SeedRequest>(), It.IsAny<IProgress<SeedProgress>>(), It.IsAny<CancellationToken>()))
            .Callback((SeedRequest request, IProgress<SeedProgress> _, CancellationToken _) =>
            {
                _requests.Add(request);
                _steps.Add("load");
            })
            .ReturnsAsync(15_000);
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(settings: null);
        builder.Services.AddSingleton(migrator.Object).AddSingleton(seeder.Object);
        return builder.Build();
    }
}
