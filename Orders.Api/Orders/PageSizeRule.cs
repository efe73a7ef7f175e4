using FluentValidation;
using Orders.Application.Orders;

namespace Orders.Api.Orders;

/// <summary>The bounds of <c>page_size</c>, for every query that takes it.</summary>
internal static class PageSizeRule
{
    public static void IsPageSize<T>(this IRuleBuilderInitial<T, int> rule) => rule
        .InclusiveBetween(PageSize.Minimum, PageSize.Maximum)
        .WithMessage($"has to be from {PageSize.Minimum} to {PageSize.Maximum}")
        .OverridePropertyName("page_size");
}
