using System.Globalization;
using Orders.Application.Lakebase;
using Orders.Infrastructure.Lakebase.Workspace;

namespace Orders.Infrastructure.Lakebase.Provisioning;

/// <summary>The server on Lakebase Autoscaling, an endpoint of a branch of a project, and the role on it.</summary>
/// <remarks>
/// A project comes with a branch, <c>production</c>, and each branch with an endpoint, <c>primary</c>, which go with it again.
/// </remarks>
internal sealed class AutoscalingServer(
    AutoscalingNames names, ResourceSettings settings, DatabricksClient client, AutoscalingContents contents)
{
    private const string Api = "api/2.0/postgres";

    /// <summary>Compute units. The smallest size; the server sleeps when idle.</summary>
    private const double LeastCapacity = 0.5;

    private const int SecondsOfDay = 24 * 60 * 60;

    public IReadOnlyList<WorkspaceResource> All =>
    [
        new()
        {
            Label = "Project",
            Name = names.Project,
            Right = ResourceRights.ServerRight,
            ObserveAsync = ObserveProjectAsync,
            CreateAsync = CreateProjectAsync,
            FindOthersAsync = contents.FindOthersAsync,
            DeleteAsync = DeleteProjectAsync,
        },
        new()
        {
            Label = "Branch",
            Name = names.Branch,
            Right = ResourceRights.ServerRight,
            ObserveAsync = ObserveBranchAsync,
            CreateAsync = (_, token) =>
                PostAsync($"{names.Project}/branches?branch_id={names.BranchId}", new { Spec = new { NoExpiry = true } }, token),
        },
        new()
        {
            Label = "Endpoint",
            Name = names.Endpoint,
            Right = ResourceRights.ServerRight,
            ObserveAsync = ObserveEndpointAsync,
            CreateAsync = (asked, token) => PostAsync(
                $"{names.Branch}/endpoints?endpoint_id={names.EndpointId}",
                new
                {
                    Spec = new
                    {
                        EndpointType = "ENDPOINT_TYPE_READ_WRITE",
                        AutoscalingLimitMinCu = LeastCapacity,
                        AutoscalingLimitMaxCu = MostCapacity(asked),
                        Group = Group(asked),
                    },
                },
                token),
        },
        RoleOwner.Role(contents.HasRoleAsync, settings, client) with { CreateAsync = CreateRoleAsync },
    ];

    private async Task<Observation> ObserveProjectAsync(CreateResources? asked, CancellationToken cancellationToken) =>
        await client.FindAsync<Project>($"{Api}/{names.Project}", cancellationToken) switch
        {
            null => Observation.Absent,
            { DeleteTime.Length: > 0 } => new Observation(Condition.Deleting, "deleted, and its name not free yet: restore or purge it in "
                + "the workspace"),
            { } found when new InstanceSize { RetentionWindowInDays = Days(found.Status?.HistoryRetentionDuration) }
                .DifferenceFrom(asked) is { } difference =>
                new Observation(Condition.Unusable, difference),
            _ => Observation.Ready,
        };

    private Task<string?> CreateProjectAsync(CreateResources asked, CancellationToken cancellationToken)
    {
        var size = new { AutoscalingLimitMinCu = LeastCapacity, AutoscalingLimitMaxCu = MostCapacity(asked) };
        int? retention = asked.WithPresets().RetentionWindowInDays * SecondsOfDay;
        return PostAsync(
            $"projects?project_id={names.ProjectId}",
            new
            {
                Spec = new { DisplayName = names.ProjectId, HistoryRetentionDuration = $"{retention}s", DefaultEndpointSettings = size },
                InitialEndpointSpec = new { size.AutoscalingLimitMinCu, size.AutoscalingLimitMaxCu, Group = Group(asked) },
            },
            cancellationToken);
    }

    private async Task<string?> DeleteProjectAsync(CancellationToken cancellationToken) =>
        (await client.DeleteAsync<WorkspaceOperation>($"{Api}/{names.Project}?purge=true", cancellationToken)).Body.Rest();

    private async Task<Observation> ObserveBranchAsync(CreateResources? asked, CancellationToken cancellationToken) =>
        await client.FindAsync<Branch>($"{Api}/{names.Branch}", cancellationToken) switch
        {
            null => Observation.Absent,
            { Status.CurrentState: "DELETED" } => Observation.Deleting,
            { Status.CurrentState: { } state } when state is not ("READY" or "ARCHIVED") => new Observation(Condition.Pending, state),
            _ => Observation.Ready,
        };

    private async Task<Observation> ObserveEndpointAsync(CreateResources? asked, CancellationToken cancellationToken)
    {
        EndpointStatus? status = (await client.FindAsync<Endpoint>($"{Api}/{names.Endpoint}", cancellationToken))?.Status;
        return status switch
        {
            null => Observation.Absent,
            { Disabled: true } => new Observation(Condition.Unusable, "It is disabled: enable it in the workspace."),
            { CurrentState: "INIT" } or { Hosts: not { Host.Length: > 0 } } => new Observation(
                Condition.Pending, status.CurrentState ?? "no host name yet"),
            _ when Size(status).DifferenceFrom(asked) is { } difference => new Observation(Condition.Unusable, difference),
            _ => Observation.Ready,
        };
    }

    private async Task<string?> CreateRoleAsync(CreateResources asked, CancellationToken cancellationToken)
    {
        RoleOwner owner = await RoleOwner.FindAsync(settings, client, cancellationToken);
        return await PostAsync(
            $"{names.Branch}/roles",
            new
            {
                Spec = new
                {
                    PostgresRole = owner.Name,
                    owner.IdentityType,
                    MembershipRoles = new[] { RoleOwner.Superuser },
                    RoleOwner.Attributes,
                },
            },
            cancellationToken);
    }

    private async Task<string?> PostAsync(string path, object body, CancellationToken cancellationToken) =>
        (await client.PostAsync<WorkspaceOperation>($"{Api}/{path}", body, cancellationToken)).Body.Rest();

    private static double MostCapacity(CreateResources asked) =>
        double.Parse(asked.WithPresets().Capacity.AsSpan("CU_".Length), CultureInfo.InvariantCulture);

    /// <summary>One node alone has no group.</summary>
    private static object? Group(CreateResources asked) => asked.NodeCount is { } nodes and > 1
        ? new { Min = nodes, Max = nodes, EnableReadableSecondaries = asked.EnableReadableSecondaries ?? false }
        : null;

    private static InstanceSize Size(EndpointStatus status) => new()
    {
        Capacity = status.AutoscalingLimitMaxCu is { } capacity ? string.Create(CultureInfo.InvariantCulture, $"CU_{capacity:0.##}") : null,
        NodeCount = status.Group?.Max,
        EnableReadableSecondaries = status.Group?.EnableReadableSecondaries,
    };

    /// <summary>Reads a duration of this API: a number of seconds and an s.</summary>
    private static int? Days(string? duration) =>
        double.TryParse(duration?.TrimEnd('s'), CultureInfo.InvariantCulture, out double seconds)
            ? (int)Math.Round(seconds / SecondsOfDay)
            : null;

    private sealed record Project(string? DeleteTime, ProjectStatus? Status);

    private sealed record ProjectStatus(string? HistoryRetentionDuration);

    private sealed record Branch(BranchStatus? Status);

    private sealed record BranchStatus(string? CurrentState);

    private sealed record Endpoint(EndpointStatus? Status);

    private sealed record EndpointStatus(
        string? CurrentState, bool? Disabled, double? AutoscalingLimitMaxCu, EndpointHosts? Hosts, EndpointGroup? Group);

    private sealed record EndpointHosts(string? Host);

    private sealed record EndpointGroup(int? Max, bool? EnableReadableSecondaries);
}
