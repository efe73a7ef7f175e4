using FluentValidation;

namespace Orders.Api.Orders;

/// <summary>Bounds of the numbered page.</summary>
internal sealed class OrderPageQueryValidator : AbstractValidator<OrderPageQuery>
{
    public OrderPageQueryValidator()
    {
        RuleFor(query => query.Page).GreaterThanOrEqualTo(1).WithMessage($"has to be from 1 to {int.MaxValue}")
            .OverridePropertyName("page");
        RuleFor(query => query.PageSize).IsPageSize();
    }
}
