using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using Orders.Application.Lakebase;
using Orders.Infrastructure.Lakebase.Workspace;

namespace Orders.Infrastructure.Lakebase.Provisioning;

/// <summary>Creates the resources in their order, and deletes them in the opposite one.</summary>
internal sealed partial class ResourceProvisioner(
    WorkspaceResources resources, ResourceReconciler work, TimeProvider time, ILogger<ResourceProvisioner> logger) : IResourceProvisioner
{
    /// <summary>The resources with a deletion of their own, the last created first.</summary>
    private readonly IReadOnlyList<WorkspaceResource> _deletable =
        [.. resources.All.Where(resource => resource.DeleteAsync is not null).Reverse()];

    public ResourceReport Plan(ResourceAction action) => new()
    {
        Action = action,
        State = ResourceState.Running,
        Names = resources.Names,
        Steps =
        [
            .. (action == ResourceAction.Create ? resources.All : _deletable)
                .Select(resource => new ResourceStep(resource.Label, resource.Name, StepState.Waiting)),
        ],
        StartedAt = time.GetUtcNow(),
        Message = action == ResourceAction.Create
            ? "The resources are being created. It takes minutes, and an hour or more until all orders are copied."
            : "The resources are being deleted. It takes minutes.",
    };

    public Task<ResourceReport> CreateAsync(
        CreateResources request, Action<ResourceReport> onProgress, CancellationToken cancellationToken) =>
        GoThroughAsync(
            ResourceAction.Create,
            onProgress,
            async draft =>
            {
                for (int i = 0; i < resources.All.Count; i++)
                {
                    WorkspaceResource resource = resources.All[i];
                    draft.Step(i, new ReconcileResult(StepState.Running));
                    ReconcileResult outcome = await work.MakeAsync(resource, request, seen => draft.Step(i, seen), cancellationToken);
                    if (outcome.State == StepState.Failed && resource.IsOptional)
                    {
                        outcome = outcome with { State = StepState.Skipped };
                    }

                    Log(resource, outcome);
                    draft.Step(i, outcome);
                    if (outcome.State == StepState.Failed)
                    {
                        return draft.End(ResourceState.Failed, ResourceMessages.Failed(draft.Report.Steps[i]), time.GetUtcNow());
                    }
                }

                return draft.End(ResourceState.Succeeded, ResourceMessages.Created(draft.Report), time.GetUtcNow());
            },
            cancellationToken);

    public Task<ResourceReport> DeleteAsync(Action<ResourceReport> onProgress, CancellationToken cancellationToken) =>
        GoThroughAsync(
            ResourceAction.Delete,
            onProgress,
            async draft =>
            {
                for (int i = 0; i < _deletable.Count; i++)
                {
                    WorkspaceResource resource = _deletable[i];
                    draft.Step(i, new ReconcileResult(StepState.Running));

                    // Each lies on the next, whose deletion would take it along.
                    ReconcileResult outcome = draft.Report.Steps.Any(step => step.State == StepState.Failed)
                        ? new ReconcileResult(StepState.Failed, "It is left alone, since what lies on it could not be deleted.")
                        : await work.RemoveAsync(resource, seen => draft.Step(i, seen), cancellationToken);
                    Log(resource, outcome);
                    draft.Step(i, outcome);
                }

                bool failed = draft.Report.Steps.Any(step => step.State == StepState.Failed);
                ResourceState state = failed ? ResourceState.Failed : ResourceState.Succeeded;
                return draft.End(state, ResourceMessages.Deleted(draft.Report.Steps), time.GetUtcNow());
            },
            cancellationToken);

    public async Task<ResourceReport> DescribeAsync(CancellationToken cancellationToken)
    {
        try
        {
            Observation[] seen = await Task.WhenAll(resources.All.Select(resource => resource.ObserveAsync(null, cancellationToken)));
            ResourceStep[] steps =
            [
                .. resources.All.Zip(
                    seen,
                    (resource, observation) => new ResourceStep(resource.Label, resource.Name, State(observation), observation.Detail)),
            ];
            ResourceState state = steps.All(step => step.State == StepState.Missing) ? ResourceState.Absent
                : steps.Zip(resources.All).All(
                    pair => pair.First.State == StepState.Done || pair.Second.IsOptional) ? ResourceState.Complete
                : ResourceState.Incomplete;
            DateTimeOffset now = time.GetUtcNow();
            return new ResourceReport
            {
                Action = null,
                State = state,
                Names = resources.Names,
                Steps = steps,
                Pipeline = seen.LastOrDefault(observation => observation.Pipeline is not null)?.Pipeline,
                StartedAt = now,
                EndedAt = now,
                Message = ResourceMessages.Described(state),
            };
        }
        catch (DatabricksException exception)
        {
            throw new WorkspaceUnavailableException($"The workspace does not tell what it has: {exception.Reason}.", exception);
        }
    }

    [SuppressMessage("Design", "CA1031", Justification = "Nobody waits for an operation; what went wrong is in its report and in the log.")]
    private async Task<ResourceReport> GoThroughAsync(
        ResourceAction action, Action<ResourceReport> onProgress, Func<ResourceProgress, Task<ResourceReport>> run,
        CancellationToken cancellationToken)
    {
        var draft = new ResourceProgress(Plan(action), onProgress);
        try
        {
            return await run(draft);
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            LogBroken(logger, exception);
            return draft.End(ResourceState.Failed, "Something failed that is not the workspace's doing; the log has it.", time.GetUtcNow());
        }
    }

    private static StepState State(Observation seen) => seen.Condition switch
    {
        Condition.Absent => StepState.Missing,
        Condition.Pending or Condition.Deleting => StepState.Running,
        Condition.Ready => StepState.Done,
        Condition.Unusable or Condition.Foreign => StepState.Failed,
    };

    private void Log(WorkspaceResource resource, ReconcileResult outcome)
    {
        if (outcome.State is StepState.Failed or StepState.Skipped)
        {
            LogFailed(logger, resource.Label, resource.Name, outcome.State, outcome.Detail);
        }
        else
        {
            LogDone(logger, resource.Label, resource.Name, outcome.State);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Resource} {Name}: {State}")]
    private static partial void LogDone(ILogger logger, string resource, string name, StepState state);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Resource} {Name}: {State}. {Detail}")]
    private static partial void LogFailed(ILogger logger, string resource, string name, StepState state, string? detail);

    [LoggerMessage(Level = LogLevel.Error, Message = "An operation on the resources broke.")]
    private static partial void LogBroken(ILogger logger, Exception exception);
}
