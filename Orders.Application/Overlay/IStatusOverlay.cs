namespace Orders.Application.Overlay;

/// <summary>Sets up, removes and describes what keeps status changes beside a table that a sync owns.</summary>
public interface IStatusOverlay
{
    /// <summary>What setting it up runs; the same again on one that is set up, which changes nothing.</summary>
    /// <exception cref="StartupException">Something else is in the way.</exception>
    Task<OverlayPlan> PlanInstallAsync(CancellationToken cancellationToken);

    /// <summary>What removing it runs; null when there is nothing to remove.</summary>
    /// <exception cref="StartupException">Changes were recorded, and it was not said what becomes of them.</exception>
    Task<OverlayPlan?> PlanRemovalAsync(RecordedChanges changes, CancellationToken cancellationToken);

    /// <summary>Runs a plan in one transaction.</summary>
    /// <exception cref="StartupException">The database refuses it; everything is as it was.</exception>
    Task RunAsync(OverlayPlan plan, CancellationToken cancellationToken);

    /// <summary>What there is, as the role of the connection sees it.</summary>
    Task<OverlayStatus> DescribeAsync(CancellationToken cancellationToken);
}
