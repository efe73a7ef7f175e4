using System.Globalization;
using Microsoft.AspNetCore.Mvc.ModelBinding;

namespace Orders.Api.Http;

/// <summary>
/// Reads numbers, truth values and words from paths and query strings as the contract writes them. The framework's own binder takes
/// blanks, plus signs and the last of several values, and its messages name C# types.
/// </summary>
internal sealed class WireScalarBinder : IModelBinder
{
    public const string TrueOrFalse = "has to be true or false";

    public static bool Reads(Type type) => Scalar(type) is var scalar
        && (scalar == typeof(long) || scalar == typeof(int) || scalar == typeof(bool) || scalar == typeof(string));

    public Task BindModelAsync(ModelBindingContext bindingContext)
    {
        ArgumentNullException.ThrowIfNull(bindingContext);
        ValueProviderResult given = bindingContext.ValueProvider.GetValue(bindingContext.ModelName);
        if (given == ValueProviderResult.None)
        {
            return Task.CompletedTask;
        }

        if (given.Length > 1)
        {
            bindingContext.ModelState.TryAddModelError(bindingContext.ModelName, "has to be given once");
        }
        else if (Parse(Scalar(bindingContext.ModelType), given.FirstValue ?? "") is { } value)
        {
            bindingContext.Result = ModelBindingResult.Success(value);
        }
        else
        {
            bindingContext.ModelState.TryAddModelError(
                bindingContext.ModelName, Complaint(Scalar(bindingContext.ModelType), given.FirstValue ?? ""));
        }

        return Task.CompletedTask;
    }

    private static Type Scalar(Type type) => Nullable.GetUnderlyingType(type) ?? type;

    private static object? Parse(Type type, string text) => type switch
    {
        _ when type == typeof(string) => text,
        _ when type == typeof(bool) => ParseBoolean(text),
        _ when !IsWhole(text) => null,
        _ when type == typeof(int) => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number)
            ? number
            : null,
        _ => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long key) ? key : null,
    };

    private static string Complaint(Type type, string text) => type switch
    {
        _ when type == typeof(bool) => TrueOrFalse,
        _ when !IsWhole(text) => "has to be a whole number",
        _ when type == typeof(int) => $"has to be a whole number from {int.MinValue} to {int.MaxValue}",
        _ => $"has to be a whole number from {long.MinValue} to {long.MaxValue}",
    };

    /// <summary>Digits, and a minus before them or not: parsing would take blanks and a plus as well.</summary>
    private static bool IsWhole(string text)
    {
        ReadOnlySpan<char> digits = text.StartsWith('-') ? text.AsSpan(1) : text;
        return !digits.IsEmpty && !digits.ContainsAnyExceptInRange('0', '9');
    }

    private static object? ParseBoolean(string text) => text switch
    {
        "1" => true,
        "0" => false,
        _ when text.Equals("true", StringComparison.OrdinalIgnoreCase) => true,
        _ when text.Equals("false", StringComparison.OrdinalIgnoreCase) => false,
        _ => null,
    };
}
