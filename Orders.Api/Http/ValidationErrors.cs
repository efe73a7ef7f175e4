using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ModelBinding;

namespace Orders.Api.Http;

/// <summary>
/// Turns what binding and the validators found into the contract's 422, under the names on the wire; a body of a wrong type into 415.
/// </summary>
internal static class ValidationErrors
{
    private const string Body = "body";

    public static ActionResult Answer(ModelStateDictionary state)
    {
        if (state.Values.Any(entry => entry.Errors.Any(error => error.Exception is UnsupportedContentTypeException)))
        {
            return new ApiErrorResult(ApiError.UnsupportedMediaType);
        }

        var errors = new SortedDictionary<string, string[]>(StringComparer.Ordinal);
        foreach ((string key, ModelStateEntry entry) in state)
        {
            if (entry.Errors.Count > 0)
            {
                errors[WireName(key)] = [.. entry.Errors.Select(error => Sentence(key, error)).Distinct(StringComparer.Ordinal)];
            }
        }

        string detail = string.Join(' ', errors.SelectMany(error => error.Value.Select(message => $"{error.Key} {message}.")));
        return new ApiErrorResult(ApiError.ValidationFailed(detail, errors));
    }

    /// <summary>The JSON reader's keys are paths: only a member of the request is named, all else is the body's fault.</summary>
    private static string WireName(string key) => key switch
    {
        "$.o_orderstatus" => "o_orderstatus",
        "$.atomic" => "atomic",
        ['$', '.', 'c', 'h', 'a', 'n', 'g', 'e', 's', .. var place] => $"changes{place}",
        "" => Body,
        _ when key[0] == '$' => Body,
        _ => key,
    };

    private static string Sentence(string key, ModelError error) => key switch
    {
        "$.o_orderstatus" => "has to be given once, as a JSON string",
        "" when error.ErrorMessage.Length > 0 => error.ErrorMessage,
        "" or ['$', ..] => "is not the JSON that this operation takes",
        _ => error.ErrorMessage,
    };
}
