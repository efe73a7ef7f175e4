using FluentValidation;

namespace Orders.Api.Orders;

/// <summary>Bounds of the slice.</summary>
internal sealed class OrderStreamQueryValidator : AbstractValidator<OrderStreamQuery>
{
    public OrderStreamQueryValidator()
    {
        RuleFor(query => query.Cursor).GreaterThanOrEqualTo(0).WithMessage($"has to be from 0 to {long.MaxValue}")
            .OverridePropertyName("cursor");
        RuleFor(query => query.PageSize).IsPageSize();
    }
}
