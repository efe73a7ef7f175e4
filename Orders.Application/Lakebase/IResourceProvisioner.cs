namespace Orders.Application.Lakebase;

/// <summary>Makes and deletes the database server on Lakebase and what belongs to it. Each call looks first at what is there.</summary>
public interface IResourceProvisioner
{
    /// <summary>What an operation will go through, before it begins.</summary>
    ResourceReport Plan(ResourceAction action);

    /// <summary>Makes what is missing, and waits until the synced table is online: minutes, or hours. What exists is never replaced.</summary>
    /// <param name="request">What is asked for.</param>
    /// <param name="onProgress">Called with each change, from one thread at a time.</param>
    /// <param name="cancellationToken">Stops the waiting; the next call goes on from what is there.</param>
    /// <returns>How it ended; failures are in there.</returns>
    Task<ResourceReport> CreateAsync(CreateResources request, Action<ResourceReport> onProgress, CancellationToken cancellationToken);

    /// <summary>Deletes them all, with all that they hold.</summary>
    /// <param name="onProgress">Called with each change, from one thread at a time.</param>
    /// <param name="cancellationToken">Stops the waiting; the next call goes on from what is there.</param>
    /// <returns>How it ended; failures are in there.</returns>
    Task<ResourceReport> DeleteAsync(Action<ResourceReport> onProgress, CancellationToken cancellationToken);

    /// <summary>What of them is in the workspace.</summary>
    /// <exception cref="WorkspaceUnavailableException">The workspace does not tell.</exception>
    Task<ResourceReport> DescribeAsync(CancellationToken cancellationToken);
}
