namespace Orders.Application.Lakebase;

/// <summary>Creates and deletes the database server on Lakebase and its catalog and table. Each call first observes what exists.</summary>
public interface IResourceProvisioner
{
    /// <summary>The steps of an operation before it begins.</summary>
    ResourceReport Plan(ResourceAction action);

    /// <summary>Creates what is missing, and waits until the synced table is online: minutes to hours. It replaces nothing.</summary>
    /// <param name="request">The wanted properties.</param>
    /// <param name="onProgress">Called with each change, from one thread at a time.</param>
    /// <param name="cancellationToken">Stops the waiting. The next call continues.</param>
    /// <returns>The final report, also after a failure.</returns>
    Task<ResourceReport> CreateAsync(CreateResources request, Action<ResourceReport> onProgress, CancellationToken cancellationToken);

    /// <summary>Deletes all resources with their contents.</summary>
    /// <param name="onProgress">Called with each change, from one thread at a time.</param>
    /// <param name="cancellationToken">Stops the waiting. The next call continues.</param>
    /// <returns>The final report, also after a failure.</returns>
    Task<ResourceReport> DeleteAsync(Action<ResourceReport> onProgress, CancellationToken cancellationToken);

    /// <summary>Describes the resources that exist in the workspace.</summary>
    /// <exception cref="WorkspaceUnavailableException">The workspace does not say.</exception>
    Task<ResourceReport> DescribeAsync(CancellationToken cancellationToken);
}
