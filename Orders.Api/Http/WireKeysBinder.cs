using System.Globalization;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.WebUtilities;
using Orders.Application.Orders;

namespace Orders.Api.Http;

/// <summary>Reads a list of keys from the query string: separated by commas, by repeating the parameter, or both.</summary>
/// <remarks>It reads the query itself: a parameter that came a thousand times is joined anew each time by the framework's provider.</remarks>
internal sealed class WireKeysBinder : IModelBinder
{
    public static readonly string Complaint =
        $"has to be 1 to {PageSize.Maximum} whole numbers from 1 to {long.MaxValue}, with commas between them";

    public Task BindModelAsync(ModelBindingContext bindingContext)
    {
        ArgumentNullException.ThrowIfNull(bindingContext);
        List<long> keys = [];
        bool areValid = true;
        foreach (QueryStringEnumerable.EncodedNameValuePair pair in
            new QueryStringEnumerable(bindingContext.HttpContext.Request.QueryString.Value))
        {
            if (areValid && pair.DecodeName().Span.SequenceEqual(bindingContext.ModelName))
            {
                areValid = TryAdd(pair.DecodeValue().Span, keys);
            }
        }

        if (areValid && keys.Count > 0)
        {
            bindingContext.Result = ModelBindingResult.Success(keys.ToArray());
        }
        else
        {
            bindingContext.ModelState.TryAddModelError(bindingContext.ModelName, Complaint);
        }

        return Task.CompletedTask;
    }

    private static bool TryAdd(ReadOnlySpan<char> text, List<long> keys)
    {
        foreach (Range part in text.Split(','))
        {
            if (keys.Count == PageSize.Maximum
                || !long.TryParse(text[part], NumberStyles.None, CultureInfo.InvariantCulture, out long key) || key == 0)
            {
                return false;
            }

            keys.Add(key);
        }

        return true;
    }
}
