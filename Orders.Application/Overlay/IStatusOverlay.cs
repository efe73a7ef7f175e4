namespace Orders.Application.Overlay;

/// <summary>Installs, removes and describes the overlay, which records status changes beside a table that a sync owns.</summary>
public interface IStatusOverlay
{
    /// <summary>The plan of an installation. The same plan on an installed overlay changes nothing.</summary>
    /// <exception cref="StartupException">A relation with the name of a part exists already and is not part of the overlay.</exception>
    Task<OverlayPlan> PlanInstallAsync(CancellationToken cancellationToken);

    /// <summary>The plan of a removal; null when there is nothing to remove.</summary>
    /// <exception cref="StartupException">Changes are recorded, and <paramref name="changes"/> does not allow any.</exception>
    Task<OverlayPlan?> PlanRemovalAsync(RecordedChanges changes, CancellationToken cancellationToken);

    /// <summary>Runs a plan in one transaction.</summary>
    /// <exception cref="StartupException">The database refuses the plan; nothing is changed.</exception>
    Task RunAsync(OverlayPlan plan, CancellationToken cancellationToken);

    /// <summary>The overlay as the role of the connection sees it.</summary>
    Task<OverlayStatus> DescribeAsync(CancellationToken cancellationToken);
}
