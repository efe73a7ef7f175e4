using System.Net;
using Orders.Application.Lakebase;
using Orders.Infrastructure.Lakebase.Workspace;

namespace Orders.Infrastructure.Lakebase.Provisioning;

/// <summary>Brings one resource into being, or out of it: looks what is there, does what is missing, and looks again until it is done.</summary>
/// <remarks>As each round begins with a look, it makes no difference whether the round before was this process's or another's.</remarks>
internal sealed class ResourceReconciler(DatabricksClient client, TimeProvider time)
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);

    /// <summary>How long a name that is taken by nothing to be seen is tried again: a deleted table takes a while to free it.</summary>
    private static readonly TimeSpan ConflictTimeout = TimeSpan.FromMinutes(5);

    /// <param name="resource">What is to be there.</param>
    /// <param name="asked">As what.</param>
    /// <param name="onProgress">Called with what is seen, as long as it is not done.</param>
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

    /// <summary>As above, for one that is not to be there.</summary>
    public Task<ReconcileResult> RemoveAsync(WorkspaceResource resource, Action<ReconcileResult> onProgress, CancellationToken cancellationToken)
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
                    // What is on its way out goes by itself, and may not be onProgress of any longer.
                    return condition == Condition.Deleting ? new ReconcileResult(StepState.Running, seen.Detail) : new ReconcileResult(StepState.Failed, obstacle);
                case var condition when !request.IsMade:
                    await request.MakeAsync(() => DeleteAsync(resource, condition, cancellationToken));
                    return new ReconcileResult(StepState.Running, Observation.Deleting.Detail);
                default:
                    return new ReconcileResult(StepState.Running, Observation.Deleting.Detail);
            }
        }
    }

    /// <summary>Why it must not be deleted; null when it may be.</summary>
    private static async Task<string?> FindObstacleAsync(WorkspaceResource resource, CancellationToken cancellationToken)
    {
        try
        {
            return resource.FindOthersAsync is { } find && await find(cancellationToken) is { Count: > 0 } others
                ? $"It holds what is not configured here, and is left alone: {string.Join(", ", others)}. Delete that first, or all of it, in the workspace."
                : null;
        }
        catch (DatabricksException exception) when (!exception.IsTransient || exception.Status == HttpStatusCode.NotImplemented)
        {
            return $"The workspace does not tell what it holds, and so it is left alone: {Explain(resource, exception)} Look at it in the workspace, and delete it there.";
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
            // Gone since the look, or on its way: what is deleted only for a time would have taken it.
            return null;
        }
    }

    private async Task<ReconcileResult> RepeatAsync(
        WorkspaceResource resource, WorkspaceRequest request, Action<ReconcileResult> onProgress, Func<Task<ReconcileResult>> round, CancellationToken cancellationToken)
    {
        long begun = time.GetTimestamp();
        for (int rounds = 1; ; rounds++)
        {
            ReconcileResult outcome;
            try
            {
                outcome = await request.IsOverAsync(client, cancellationToken) ? await round() : new ReconcileResult(StepState.Running, "the workspace is at it");
            }
            catch (DatabricksException exception) when (IsTaken(exception) && time.GetElapsedTime(begun) < ConflictTimeout)
            {
                // By somebody who was faster, which the next look shows; or by what is being deleted.
                outcome = new ReconcileResult(StepState.Running, "its name is not free yet");
            }
            catch (DatabricksException exception) when (exception.Code == "INVALID_STATE" && time.GetElapsedTime(begun) < ConflictTimeout)
            {
                // Another one's work on it is under way: a process's before this one, say.
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
                return outcome with { State = StepState.Failed, Detail = $"After {Text(resource.Timeout)} it is still not done: {outcome.Detail}. Asked for again, it is waited for again." };
            }

            TimeSpan pause = TimeSpan.FromSeconds(rounds);
            await Task.Delay(pause < LongestPause ? pause : LongestPause, time, cancellationToken);
        }
    }

    /// <summary>Roles and databases that exist are a 400 without a code of their own.</summary>
    private static bool IsTaken(DatabricksException exception) =>
        exception.Status == HttpStatusCode.Conflict || exception.Code.EndsWith("ALREADY_EXISTS", StringComparison.Ordinal)
        || exception.Message.Contains("already exists", StringComparison.OrdinalIgnoreCase);

    private static bool IsRefusal(DatabricksException exception) => exception is { Status: HttpStatusCode.Forbidden } or { Code: "PERMISSION_DENIED" };

    /// <summary>Who may ask for this may know what the workspace says.</summary>
    private static string Explain(WorkspaceResource resource, DatabricksException exception) => exception switch
    {
        _ when IsRefusal(exception) => $"{exception.Message} ({exception.Code}) It takes {resource.Right}.",
        { Status: null, Code: DatabricksException.Unreadable } or { Status: HttpStatusCode.Unauthorized } => $"{exception.Reason}.",
        { Status: HttpStatusCode.NotFound, IsAbsence: false } => $"{exception.Reason}.",
        _ => $"{exception.Message} ({exception.Code})",
    };

    private static string Text(TimeSpan timeout) => timeout < TimeSpan.FromHours(1) ? $"{timeout.TotalMinutes:0} minutes" : $"{timeout.TotalHours:0} hours";
}
