using System.Globalization;
using Orders.Application.Overlay;

namespace Orders.Api.Commands;

/// <summary>What <c>overlay status</c> prints.</summary>
internal static class OverlayReport
{
    public static IEnumerable<string> Lines(OverlayStatus status)
    {
        yield return Line("Status changes", status.IsInUse ? "overlay (Orders:StatusChanges)" : "in place (Orders:StatusChanges); the service does not use the overlay");
        yield return Line("Overlay", $"{status.View} is {(status.IsInstalled ? "installed" : "not installed")}");
        yield return Line("Synced table", $"{status.SyncedTable} is {(status.HasSyncedTable ? "there" : "not there")}");
        yield return Line("Changes", status.Recorded is { } recorded
            ? string.Create(CultureInfo.InvariantCulture, $"{recorded.Changes:N0} of {recorded.Orders:N0} orders")
            : "none to be seen by this role");
        yield return Line("Plans", status.IsInlined switch
        {
            true => "the planner reads the synced table itself",
            false => "every read reads the whole synced table: the overlay's function was altered; run overlay install again",
            null => "can't be asked yet",
        });
        yield return Line("Role", status.Missing.Count == 0 ? $"{status.Role} has what serving takes" : $"{status.Role} can't serve:");
        foreach (string missing in status.Missing)
        {
            yield return $"  {missing}";
        }
    }

    private static string Line(string name, string value) => $"{name,-16}{value}";
}
