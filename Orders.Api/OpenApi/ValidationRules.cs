using FluentValidation;
using FluentValidation.Internal;
using FluentValidation.Validators;

namespace Orders.Api.OpenApi;

/// <summary>Reads from the validators what a request may hold, so that the documents say what is enforced.</summary>
internal sealed class ValidationRules(IServiceProvider services)
{
    /// <param name="type">The type of a request.</param>
    /// <param name="name">The name on the wire of one of its members.</param>
    public IEnumerable<IPropertyValidator> Of(Type type, string name) => Members(type, name).Select(rule => rule.Validator);

    /// <summary>The message of the last rule for a member of one of these types.</summary>
    public string MessageOf(IEnumerable<Type> types, string name) =>
        types.SelectMany(type => Members(type, name)).Last().Options.GetUnformattedErrorMessage();

    private IEnumerable<(IPropertyValidator Validator, IRuleComponent Options)> Members(Type type, string name) =>
        services.GetService(typeof(IValidator<>).MakeGenericType(type)) is IValidator validator
            ? validator.CreateDescriptor().GetMembersWithValidators()[name]
            : [];
}
