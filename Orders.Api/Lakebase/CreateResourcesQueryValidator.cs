using FluentValidation;
using Orders.Api.Http;
using Orders.Application.Lakebase;

namespace Orders.Api.Lakebase;

/// <summary>What a server can be; what of that a workspace has is its own to say.</summary>
internal sealed class CreateResourcesQueryValidator : AbstractValidator<CreateResourcesQuery>
{
    public CreateResourcesQueryValidator()
    {
        RuleFor(query => query.CreateResources).NotNull().WithMessage(WireScalarBinder.TrueOrFalse)
            .OverridePropertyName("create_resources");
        RuleFor(query => query.Capacity)
            .Must(capacity => capacity is null || CreateResources.Capacities.Contains(capacity))
            .WithMessage($"has to be one of {string.Join(", ", CreateResources.Capacities)}")
            .OverridePropertyName("capacity");
        RuleFor(query => query.NodeCount)
            .InclusiveBetween(1, CreateResources.MostNodes)
            .WithMessage($"has to be from 1 to {CreateResources.MostNodes}")
            .OverridePropertyName("node_count");
        RuleFor(query => query.EnableReadableSecondaries)
            .Must((query, enabled) => enabled is not true || query.NodeCount > 1)
            .WithMessage("takes a node_count of 2 or more")
            .OverridePropertyName("enable_readable_secondaries");
        RuleFor(query => query.RetentionWindowInDays)
            .InclusiveBetween(CreateResources.ShortestRetention, CreateResources.LongestRetention)
            .WithMessage($"has to be from {CreateResources.ShortestRetention} to {CreateResources.LongestRetention}")
            .OverridePropertyName("retention_window_in_days");
    }
}
