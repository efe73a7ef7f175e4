using System.Collections.Frozen;
using FluentValidation;
using FluentValidation.AspNetCore;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ModelBinding.Validation;

namespace Orders.Api.Http;

/// <summary>Runs the validator of each bound parameter that has one, and nothing else.</summary>
/// <remarks>
/// FluentValidation's own automatic validation, which its authors no longer recommend, also walks the route's keys and the
/// cancellation token: 6 % of the processor time of a single order.
/// </remarks>
internal sealed class RequestValidator(IEnumerable<IValidator> validators) : IObjectModelValidator
{
    private readonly FrozenDictionary<Type, IValidator> _validators = validators.ToFrozenDictionary(ValidatedType);

    public void Validate(ActionContext actionContext, ValidationStateDictionary? validationState, string prefix, object? model)
    {
        ArgumentNullException.ThrowIfNull(actionContext);
        if (model is not null && _validators.TryGetValue(model.GetType(), out IValidator? validator))
        {
            validator.Validate(new ValidationContext<object>(model)).AddToModelState(actionContext.ModelState, prefix: null);
        }
    }

    private static Type ValidatedType(IValidator validator) =>
        validator.GetType().BaseType!.GenericTypeArguments[0];
}
