using System.CommandLine;
using System.CommandLine.Parsing;
using Orders.Application;
using Orders.Application.Seeding;

namespace Orders.Api.Commands;

/// <summary><c>seed</c>: loads TPC-H orders into the orders table, or writes them to a file without a database.</summary>
internal static class SeedCommand
{
    private const string ToStandardOutput = "-";

    /// <param name="buildHost">Builds a host with the migrator and the seeder from configuration arguments. Called only for a load.</param>
    /// <param name="exporter">Writes the orders for <c>--output</c>.</param>
    public static Command Create(Func<string[], IHost> buildHost, IOrderExporter exporter)
    {
        var scaleFactor = new Option<string>("--scale-factor")
        {
            Description = "The size: 1 is 1,500,000 orders. Decimals are allowed.",
            DefaultValueFactory = _ => "0.01",
        };
        var replace = new Option<bool>("--replace")
        {
            Description = "Replace existing rows. Readers see the old rows until all new ones are there.",
        };
        var ifEmpty = new Option<bool>("--if-empty") { Description = "Do nothing when the table has rows." };
        var output = new Option<string?>("--output")
        {
            Description = "Instead of loading, write the orders in dbgen's format to this file, or to standard output for -.",
            HelpName = "FILE|-",
        };
        var command = new Command("seed", "Generate the TPC-H orders table and load it.") { scaleFactor, replace, ifEmpty, output };
        command.TreatUnmatchedTokensAsErrors = false;
        command.Validators.Add(result => Validate(result, replace, ifEmpty, output));
        command.SetAction((parsed, cancellationToken) => ReportErrorsAsync(async () =>
        {
            string[] configuration = ConfigurationArguments.Check(parsed.UnmatchedTokens);
            var scale = ScaleFactor.Parse(parsed.GetRequiredValue(scaleFactor));
            if (parsed.GetValue(output) is { } path)
            {
                await ExportAsync(exporter, scale, path, cancellationToken);
                return;
            }

            SeedMode mode = parsed.GetValue(replace) ? SeedMode.Replace : parsed.GetValue(ifEmpty) ? SeedMode.IfEmpty : SeedMode.IntoEmpty;
            await LoadAsync(buildHost, configuration, new SeedRequest { ScaleFactor = scale, Mode = mode }, cancellationToken);
        }));
        return command;
    }

    /// <returns>The exit code.</returns>
    private static async Task<int> ReportErrorsAsync(Func<Task> run)
    {
        try
        {
            await run();
            return 0;
        }
        catch (SeedException e)
        {
            await Console.Error.WriteLineAsync(e.Message);
        }
        catch (OperationCanceledException)
        {
            await Console.Error.WriteLineAsync("Stopped. Nothing was changed.");
        }

        return 1;
    }

    private static async Task LoadAsync(
        Func<string[], IHost> buildHost, string[] configuration, SeedRequest request, CancellationToken cancellationToken)
    {
        await using CommandHost host = await CommandHost.StartAsync(buildHost, configuration, cancellationToken);
        await host.Services.GetRequiredService<ISchemaMigrator>().MigrateAsync(cancellationToken);
        IOrderSeeder seeder = host.Services.GetRequiredService<IOrderSeeder>();
        await SeedProgressDisplay.ShowAsync("Loaded", progress => seeder.LoadAsync(request, progress, cancellationToken));
    }

    private static async Task ExportAsync(IOrderExporter exporter, ScaleFactor scale, string path, CancellationToken cancellationToken)
    {
        if (path != ToStandardOutput)
        {
            await SeedProgressDisplay.ShowAsync("Wrote", progress => exporter.WriteFileAsync(scale, path, progress, cancellationToken));
            return;
        }

        try
        {
            await using Stream standardOutput = StandardOutput.Open();
            await SeedProgressDisplay.ShowAsync(
                "Wrote", progress => exporter.WriteAsync(scale, standardOutput, progress, cancellationToken));
        }
        catch (IOException e)
        {
            throw new SeedException($"Standard output was closed before all orders were written: {e.Message}", e);
        }
    }

    private static void Validate(CommandResult result, Option<bool> replace, Option<bool> ifEmpty, Option<string?> output)
    {
        if (result.GetValue(replace) && result.GetValue(ifEmpty))
        {
            result.AddError("Give --replace or --if-empty, not both.");
        }

        if (result.GetValue(output) is not null && (result.GetValue(replace) || result.GetValue(ifEmpty)))
        {
            result.AddError("--output writes a file and does not change the table. It can't be combined with --replace or --if-empty.");
        }
    }
}
