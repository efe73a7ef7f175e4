using System.CommandLine;
using Orders.Application.Overlay;

namespace Orders.Api.Commands;

/// <summary><c>overlay install|remove|status</c>: keeps status changes beside a synced table, which may not be written to.</summary>
internal static class OverlayCommand
{
    public static Command Create(Func<string[], IHost> buildHost)
    {
        var command = new Command("overlay", "Keep status changes beside a synced table, which may not be written to.")
        {
            Install(buildHost),
            Remove(buildHost),
            Status(buildHost),
        };
        return command;
    }

    private static Command Install(Func<string[], IHost> buildHost)
    {
        Option<bool> yes = Confirmation.Yes();
        var command = new Command("install", "Make the view and the table of changes. Shows the SQL and asks first.") { yes };
        CommandHost.Run<IStatusOverlay>(command, buildHost, async (overlay, parsed, cancellationToken) =>
        {
            OverlayPlan plan = await overlay.PlanInstallAsync(cancellationToken);
            return await CarryOutAsync(overlay, plan, parsed.GetValue(yes), "The overlay is installed.", cancellationToken);
        });
        return command;
    }

    private static Command Remove(Func<string[], IHost> buildHost)
    {
        Option<bool> yes = Confirmation.Yes();
        var keep = new Option<bool>("--keep-changes") { Description = "Leave the table of changes; a later install takes it up again." };
        var discard = new Option<bool>("--discard-changes") { Description = "Drop the table of changes with all that it holds." };
        var command = new Command("remove", "Take the view away. While changes are recorded, one of the two options has to say what becomes of them.") { keep, discard, yes };
        command.Validators.Add(result =>
        {
            if (result.GetValue(keep) && result.GetValue(discard))
            {
                result.AddError("Give --keep-changes or --discard-changes, not both.");
            }
        });
        CommandHost.Run<IStatusOverlay>(command, buildHost, async (overlay, parsed, cancellationToken) =>
        {
            RecordedChanges changes = parsed.GetValue(keep) ? RecordedChanges.Keep
                : parsed.GetValue(discard) ? RecordedChanges.Discard
                : RecordedChanges.MustBeNone;
            if (await overlay.PlanRemovalAsync(changes, cancellationToken) is not { } plan)
            {
                Console.WriteLine("Nothing is installed.");
                return 0;
            }

            return await CarryOutAsync(overlay, plan, parsed.GetValue(yes), "The overlay is removed.", cancellationToken);
        });
        return command;
    }

    private static Command Status(Func<string[], IHost> buildHost)
    {
        var command = new Command("status", "Say what is installed and what this role lacks to serve: exit code 0 when nothing, else 1.");
        CommandHost.Run<IStatusOverlay>(command, buildHost, async (overlay, _, cancellationToken) =>
        {
            OverlayStatus status = await overlay.DescribeAsync(cancellationToken);
            foreach (string line in OverlayReport.Lines(status))
            {
                Console.WriteLine(line);
            }

            return status is { Missing.Count: 0, IsInlined: true } ? 0 : 1;
        });
        return command;
    }

    /// <summary>The SQL goes to standard output, so that it can be read, kept or run by somebody else; the rest to standard error.</summary>
    private static async Task<int> CarryOutAsync(IStatusOverlay overlay, OverlayPlan plan, bool unasked, string done, CancellationToken cancellationToken)
    {
        Console.WriteLine(plan.Sql);
        foreach (string remark in plan.Remarks)
        {
            await Console.Error.WriteLineAsync(remark);
        }

        if (!await Confirmation.IsGivenAsync("Run these statements?", unasked, cancellationToken))
        {
            return 1;
        }

        await overlay.RunAsync(plan, cancellationToken);
        await Console.Error.WriteLineAsync(done);
        return 0;
    }
}
