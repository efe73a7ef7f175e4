using System.Net;
using Orders.Application.Lakebase;
using Orders.Infrastructure.Lakebase.Workspace;

namespace Orders.Infrastructure.Lakebase.Provisioning;

/// <summary>
/// Reconciles one resource with the wish to have it or not: observes it, requests what is missing, and observes it again.
/// </summary>
/// <remarks>Each round starts with an observation, so it may continue what another process has begun.</remarks>
internal sealed class ResourceReconciler(DatabricksClient client, TimeProvider time)
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);

    /// <summary>How long to retry a name that is taken though nothing has it: a deleted table frees its name late.</summary>
    private static readonly TimeSpan ConflictTimeout = TimeSpan.FromMinutes(5);

    /// <param name="resource">The resource to have.</param>
    /// <param name="asked">The properties to create it with.</param>
    /// <param name="onProgress">Called with each intermediate state.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public Task<ReconcileResult> MakeAsync(
        WorkspaceResource resource, CreateResources asked, Action<ReconcileResult> onProgress, CancellationToken cancellationToken)
    {
        var request = new WorkspaceRequest(resource.IsUsableEarly);
        return RepeatAsync(resource, request, onProgress, Round, cancellationToken);

        async Task<ReconcileResult> Round()
        {
            Observation seen = await resource.ObserveAsync(asked, cancellationToken);
            switch (seen.Condition)
            {
                case Condition.Ready:
                    return new ReconcileResult(StepState.Done, seen.Detail, seen.Pipeline);
                case Condition.Unusable or Condition.Foreign:
                    return new ReconcileResult(StepState.Failed, seen.Detail, seen.Pipeline);
                case Condition.Absent when resource.CreateAsync is null:
                    return new ReconcileResult(StepState.Failed, "It is gone: somebody has deleted it meanwhile.");
                case Condition.Absent when resource.CreateAsync is { } create && !request.IsMade:
                    await request.MakeAsync(() => create(asked, cancellationToken));
                    return new ReconcileResult(StepState.Running, "asked for");
                default:
                    return new ReconcileResult(StepState.Running, seen.Detail ?? "asked for", seen.Pipeline);
            }
        }
    }

    /// <summary>The same for a resource that must not exist.</summary>
    public Task<ReconcileResult> RemoveAsync(
        WorkspaceResource resource, Action<ReconcileResult> onProgress, CancellationToken cancellationToken)
    {
        var request = new WorkspaceRequest(isUsableEarly: false);
        return RepeatAsync(resource, request, onProgress, Round, cancellationToken);

        async Task<ReconcileResult> Round()
        {
            Observation seen = await resource.ObserveAsync(null, cancellationToken);
            switch (seen.Condition)
            {
                case Condition.Absent:
                    return new ReconcileResult(request.IsMade ? StepState.Done : StepState.Missing);
                case Condition.Foreign:
                    return new ReconcileResult(StepState.Failed, seen.Detail);
                case var condition when !request.IsMade && await FindObstacleAsync(resource, cancellationToken) is { } obstacle:
                    // A resource that is being deleted goes by itself, and may no longer list what it holds.
                    return condition == Condition.Deleting
                        ? new ReconcileResult(StepState.Running, seen.Detail)
                        : new ReconcileResult(StepState.Failed, obstacle);
                case var condition when !request.IsMade:
                    await request.MakeAsync(() => DeleteAsync(resource, condition, cancellationToken));
                    return new ReconcileResult(StepState.Running, Observation.Deleting.Detail);
                default:
                    return new ReconcileResult(StepState.Running, Observation.Deleting.Detail);
            }
        }
    }

    /// <summary>The reason not to delete it; null when there is none.</summary>
    private static async Task<string?> FindObstacleAsync(WorkspaceResource resource, CancellationToken cancellationToken)
    {
        try
        {
            return resource.FindOthersAsync is { } find && await find(cancellationToken) is { Count: > 0 } others
                ? $"It holds what is not configured here, and is left alone: {string.Join(", ", others)}. "
                    + "Delete that first, or all of it, in the workspace."
                : null;
        }
        catch (DatabricksException exception) when (!exception.IsTransient || exception.Status == HttpStatusCode.NotImplemented)
        {
            return $"The workspace does not tell what it holds, and so it is left alone: {Explain(resource, exception)} "
                + "Look at it in the workspace, and delete it there.";
        }
    }

    private static async Task<string?> DeleteAsync(WorkspaceResource resource, Condition condition, CancellationToken cancellationToken)
    {
        try
        {
            return await resource.DeleteAsync!(cancellationToken);
        }
        catch (DatabricksException exception) when (
            exception.IsAbsence || (condition == Condition.Deleting && !exception.IsTransient && !IsRefusal(exception)))
        {
            // It is gone meanwhile, or is being deleted: a restorable one would have accepted the request.
            return null;
        }
    }

    private async Task<ReconcileResult> RepeatAsync(
        WorkspaceResource resource, WorkspaceRequest request, Action<ReconcileResult> onProgress, Func<Task<ReconcileResult>> round,
        CancellationToken cancellationToken)
    {
        long begun = time.GetTimestamp();
        for (int rounds = 1; ; rounds++)
        {
            ReconcileResult outcome;
            try
            {
                outcome = await request.IsOverAsync(client, cancellationToken)
                    ? await round()
                    : new ReconcileResult(StepState.Running, "the workspace is at it");
            }
            catch (DatabricksException exception) when (IsTaken(exception) && time.GetElapsedTime(begun) < ConflictTimeout)
            {
                // Someone else was faster, which the next observation shows; or a deleted resource still has the name.
                outcome = new ReconcileResult(StepState.Running, "its name is not free yet");
            }
            catch (DatabricksException exception) when (exception.Code == "INVALID_STATE" && time.GetElapsedTime(begun) < ConflictTimeout)
            {
                // Another process works on it.
                outcome = new ReconcileResult(StepState.Running, "something else is done to it");
            }
            catch (DatabricksException exception) when (exception.IsTransient)
            {
                outcome = new ReconcileResult(StepState.Running, $"{exception.Reason}; it is tried again");
            }
            catch (DatabricksException exception)
            {
                return new ReconcileResult(StepState.Failed, Explain(resource, exception));
            }

            if (outcome.State != StepState.Running)
            {
                return outcome;
            }

            onProgress(outcome);
            if (time.GetElapsedTime(begun) >= resource.Timeout)
            {
                return outcome with
                {
                    State = StepState.Failed,
                    Detail = $"After {Text(resource.Timeout)} it is still not done: {outcome.Detail}. "
                        + "Asked for again, it is waited for again.",
                };
            }

            TimeSpan pause = TimeSpan.FromSeconds(rounds);
            await Task.Delay(pause < LongestPause ? pause : LongestPause, time, cancellationToken);
        }
    }

    /// <summary>For an existing role or database the workspace answers 400 without a code of its own.</summary>
    private static bool IsTaken(DatabricksException exception) =>
        exception.Status == HttpStatusCode.Conflict || exception.Code.EndsWith("ALREADY_EXISTS", StringComparison.Ordinal)
        || exception.Message.Contains("already exists", StringComparison.OrdinalIgnoreCase);

    private static bool IsRefusal(DatabricksException exception) =>
        exception is { Status: HttpStatusCode.Forbidden } or { Code: "PERMISSION_DENIED" };

    /// <summary>Callers of these operations may read the workspace's messages.</summary>
    private static string Explain(WorkspaceResource resource, DatabricksException exception) => exception switch
    {
        _ when IsRefusal(exception) => $"{exception.Message} ({exception.Code}) It takes {resource.Right}.",
        { Status: null, Code: DatabricksException.Unreadable } or { Status: HttpStatusCode.Unauthorized } => $"{exception.Reason}.",
        { Status: HttpStatusCode.NotFound, IsAbsence: false } => $"{exception.Reason}.",
        _ => $"{exception.Message} ({exception.Code})",
    };

    private static string Text(TimeSpan timeout) =>
        timeout < TimeSpan.FromHours(1) ? $"{timeout.TotalMinutes:0} minutes" : $"{timeout.TotalHours:0} hours";
}
