namespace Orders.Application.Lakebase;

/// <summary>Runs one operation on the resources at a time, for as long as it takes; nobody has to wait for it.</summary>
/// <remarks>
/// Nothing of it is kept but in memory: how far the resources are is what the workspace has. So after a restart, asking again goes
/// on where the last process was.
/// </remarks>
public sealed class ResourceOperations(IResourceProvisioner provisioner, TimeProvider time) : IAsyncDisposable
{
    /// <summary>Somebody waits for the answer.</summary>
    private static readonly TimeSpan DescriptionTimeout = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _stopping = new();
    private Task _run = Task.CompletedTask;
    private CreateResources? _request;
    private volatile ResourceReport? _latest;

    public ResourceStart StartCreate(CreateResources request) =>
        Start(ResourceAction.Create, request, (onProgress, cancellationToken) => provisioner.CreateAsync(request, onProgress, cancellationToken));

    public ResourceStart StartDelete() => Start(ResourceAction.Delete, null, provisioner.DeleteAsync);

    /// <summary>What an operation will go through.</summary>
    public ResourceReport Plan(ResourceAction action) => provisioner.Plan(action);

    /// <summary>The operation of this process, running or over; without one, what the workspace has.</summary>
    /// <exception cref="WorkspaceUnavailableException">The workspace does not tell.</exception>
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

    /// <summary>Stops what runs, between two calls to the workspace.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _run.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stopping.Dispose();
    }

    private ResourceStart Start(
        ResourceAction action, CreateResources? request, Func<Action<ResourceReport>, CancellationToken, Task<ResourceReport>> run)
    {
        lock (_gate)
        {
            if (!_run.IsCompleted)
            {
                // What is left out comes to the same as the presets, said.
                return _latest!.Action == action && _request?.WithPresets() == request?.WithPresets() ? ResourceStart.Joined : ResourceStart.Busy;
            }

            _request = request;
            _latest = provisioner.Plan(action);
            _run = RunAsync(run);
            return ResourceStart.Started;
        }
    }

    private async Task RunAsync(Func<Action<ResourceReport>, CancellationToken, Task<ResourceReport>> run)
    {
        // Off the asker's thread: it holds the gate and has to be answered.
        await Task.Yield();
        _latest = await run(report => _latest = report, _stopping.Token);
    }
}
