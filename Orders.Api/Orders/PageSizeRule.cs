using FluentValidation;

namespace Orders.Api.Orders;

/// <summary>The bounds of <c>page_size</c>, the same wherever it is taken.</summary>
internal static class PageSizeRule
{
    public const int Maximum = 1000;

    public static void IsPageSize<T>(this IRuleBuilderInitial<T, int> rule) =>
        rule.InclusiveBetween(1, Maximum).WithMessage($"has to be from 1 to {Maximum}").OverridePropertyName("page_size");
}
