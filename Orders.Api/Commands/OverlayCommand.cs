using System.CommandLine;
using System.Globalization;
using Orders.Application.Overlay;

namespace Orders.Api.Commands;

/// <summary>
/// <c>overlay install|remove|status</c>: manages the overlay, which records status changes beside a read-only synced table.
/// </summary>
internal static class OverlayCommand
{
    public static Command Create(Func<string[], IHost> buildHost)
    {
        var command = new Command("overlay", "Record status changes beside a synced table, which must not be written to.")
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
        var command = new Command("install", "Create the view and the table of changes. Shows the SQL and asks for confirmation.") { yes };
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
        var keep = new Option<bool>("--keep-changes") { Description = "Keep the table of changes; a later install uses it again." };
        var discard = new Option<bool>("--discard-changes") { Description = "Drop the table of changes." };
        var command = new Command("remove", "Remove the view. If changes are recorded, --keep-changes or --discard-changes is required.")
        {
            keep, discard, yes,
        };
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
        var command = new Command(
            "status", "Show what is installed and what this role lacks to serve: exit code 0 when nothing is missing, else 1.");
        CommandHost.Run<IStatusOverlay>(command, buildHost, async (overlay, _, cancellationToken) =>
        {
            OverlayStatus status = await overlay.DescribeAsync(cancellationToken);
            foreach (string line in StatusLines(status))
            {
                Console.WriteLine(line);
            }

            return status is { Missing.Count: 0, IsInlined: true } ? 0 : 1;
        });
        return command;
    }

    /// <summary>
    /// Writes the SQL to standard output, so that it can be saved or given to someone else to run, and the rest to standard error.
    /// </summary>
    private static async Task<int> CarryOutAsync(
        IStatusOverlay overlay, OverlayPlan plan, bool confirmed, string done, CancellationToken cancellationToken)
    {
        Console.WriteLine(plan.Sql);
        foreach (string remark in plan.Remarks)
        {
            await Console.Error.WriteLineAsync(remark);
        }

        if (!await Confirmation.IsGivenAsync("Run these statements?", confirmed, cancellationToken))
        {
            return 1;
        }

        await overlay.RunAsync(plan, cancellationToken);
        await Console.Error.WriteLineAsync(done);
        return 0;
    }

    private static IEnumerable<string> StatusLines(OverlayStatus status)
    {
        yield return Line("Status changes", status.IsInUse
            ? "overlay (Orders:StatusChanges)"
            : "in place (Orders:StatusChanges); the service does not use the overlay");
        yield return Line("Overlay", $"{status.View} is {(status.IsInstalled ? "installed" : "not installed")}");
        yield return Line("Synced table", $"{status.SyncedTable} {(status.HasSyncedTable ? "exists" : "does not exist")}");
        yield return Line("Changes", status.Recorded is { } recorded
            ? string.Create(CultureInfo.InvariantCulture, $"{recorded.Changes:N0} of {recorded.Orders:N0} orders")
            : "none visible to this role");
        yield return Line("Plans", status.IsInlined switch
        {
            true => "the planner reads the synced table itself",
            false => "every read reads the whole synced table: the overlay's function was altered; run overlay install again",
            null => "unknown until this role can read the overlay and the synced table",
        });
        yield return Line("Role", status.Missing.Count == 0
            ? $"{status.Role} has all rights that the service needs"
            : $"{status.Role} can't serve:");
        foreach (string missing in status.Missing)
        {
            yield return $"  {missing}";
        }
    }

    private static string Line(string name, string value) => $"{name,-16}{value}";
}
