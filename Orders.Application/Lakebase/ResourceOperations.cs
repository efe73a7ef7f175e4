namespace Orders.Application.Lakebase;

/// <summary>Runs one operation on the resources at a time, in the background.</summary>
/// <remarks>
/// Its state is in memory only; the workspace has the state of the resources. So a repeated request continues after a restart.
/// </remarks>
public sealed class ResourceOperations(IResourceProvisioner provisioner, TimeProvider time) : IAsyncDisposable
{
    /// <summary>A description takes no longer, since a client waits for it.</summary>
    private static readonly TimeSpan DescriptionTimeout = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _stopping = new();
    private Task _run = Task.CompletedTask;
    private CreateResources? _request;
    private volatile ResourceReport? _latest;

    public ResourceStart StartCreate(CreateResources request) =>
        Start(
            ResourceAction.Create,
            request,
            (onProgress, cancellationToken) => provisioner.CreateAsync(request, onProgress, cancellationToken));

    public ResourceStart StartDelete() => Start(ResourceAction.Delete, null, provisioner.DeleteAsync);

    /// <summary>The steps of an operation.</summary>
    public ResourceReport Plan(ResourceAction action) => provisioner.Plan(action);

    /// <summary>Describes the running or last operation of this process; without one, the workspace's resources.</summary>
    /// <exception cref="WorkspaceUnavailableException">The workspace does not say.</exception>
    public async Task<ResourceReport> DescribeAsync(CancellationToken cancellationToken)
    {
        if (_latest is { } latest)
        {
            return latest;
        }

        using var deadline = new CancellationTokenSource(DescriptionTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            return await provisioner.DescribeAsync(either.Token);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new WorkspaceUnavailableException("The workspace did not answer in time.", exception);
        }
    }

    /// <summary>Stops the running operation between two calls to the workspace.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _run.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stopping.Dispose();
    }

    private ResourceStart Start(
        ResourceAction action, CreateResources? request, Func<Action<ResourceReport>, CancellationToken, Task<ResourceReport>> run)
    {
        lock (_lock)
        {
            if (!_run.IsCompleted)
            {
                // A missing value equals its default.
                return _latest!.Action == action && _request?.WithPresets() == request?.WithPresets()
                    ? ResourceStart.Joined
                    : ResourceStart.Busy;
            }

            _request = request;
            _latest = provisioner.Plan(action);
            _run = RunAsync(run);
            return ResourceStart.Started;
        }
    }

    private async Task RunAsync(Func<Action<ResourceReport>, CancellationToken, Task<ResourceReport>> run)
    {
        // Leaves the caller's thread, which holds the lock.
        await Task.Yield();
        _latest = await run(report => _latest = report, _stopping.Token);
    }
}
