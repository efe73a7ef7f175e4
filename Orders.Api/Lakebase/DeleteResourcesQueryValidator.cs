using FluentValidation;
using Orders.Api.Http;

namespace Orders.Api.Lakebase;

/// <summary>The confirmation has to be said, one way or the other.</summary>
internal sealed class DeleteResourcesQueryValidator : AbstractValidator<DeleteResourcesQuery>
{
    public DeleteResourcesQueryValidator() =>
        RuleFor(query => query.ConfirmDeletion).NotNull().WithMessage(WireScalarBinder.TrueOrFalse)
            .OverridePropertyName("confirm_deletion");
}
