using FluentValidation;
using Orders.Domain;

namespace Orders.Api.Orders;

/// <summary>Only the statuses of the domain may be written.</summary>
internal sealed class UpdateOrderStatusRequestValidator : AbstractValidator<UpdateOrderStatusRequest>
{
    public UpdateOrderStatusRequestValidator()
    {
        RuleFor(request => request.Status)
            .Cascade(CascadeMode.Stop)
            .NotNull().WithMessage("is required: O, F or P")
            .Must(code => OrderStatus.FromCode(code) is not null).WithMessage("has to be O, F or P")
            .OverridePropertyName("o_orderstatus");
    }
}
